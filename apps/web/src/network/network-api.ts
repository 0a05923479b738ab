import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, count, flag, list, oneOf, orNull, record, type Shape, text } from '../api/shape.ts';

export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly what: string;
  readonly url: string;
}

export interface Licence {
  readonly licence: string;
  readonly part: 'program' | 'sounds' | 'packages';
  readonly author: string;
  readonly count: number;
}

export interface SuccessEpoch {
  readonly epochId: string;
  readonly revenueCents: string;
  readonly recurringCents: string;
  readonly shareCents: string;
  readonly participants: number;
  readonly operators: number;
  readonly file: string;
  readonly leaf: string;
}

export interface Success {
  readonly epochId: string | null;
  readonly sample: boolean;
  readonly figures: readonly { readonly id: string; readonly value: string }[];
  /** The newest first. */
  readonly epochs: readonly SuccessEpoch[];
}

export type Choice = 'for' | 'against' | 'abstain';
export type Verdict = 'adopted' | 'rejected' | 'withdrawn';
export type Phase = 'announced' | 'open' | 'closed' | Verdict;
type Document = Readonly<Record<string, unknown>>;

export interface ProposalLine {
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly opensAtUs: string;
  readonly closesAtUs: string;
  readonly votes: { readonly for: number; readonly against: number; readonly abstain: number };
  readonly comments: number;
}

export interface Said {
  readonly number: number;
  readonly author: number;
  readonly name: string | null;
  readonly isOwn: boolean;
  readonly atUs: string;
  readonly text: string | null;
  readonly hiddenReason: string | null;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: string;
  readonly policySha256: string | null;
  readonly decidedAtUs: string;
  readonly leaf: string | null;
  readonly amended: Document | null;
}

export interface Proposal extends ProposalLine {
  readonly text: string;
  readonly policySha256: string;
  readonly leaf: string | null;
  readonly policy: Document;
  readonly before: Document | null;
  readonly said: readonly Said[];
  readonly own: { readonly choice: Choice | null; readonly commentsLeft: number } | null;
  readonly decision: Decision | null;
  readonly file: string;
}

const document: Shape<Document> = (value, path) => {
  record<object>({})(value, path);
  // An object, as just seen; it is shown and compared as it stands.
  return value as Document;
};
const choice = oneOf('for', 'against', 'abstain');
const verdict = oneOf('adopted', 'rejected', 'withdrawn');
const lineFields = {
  id: text,
  title: text,
  phase: oneOf('announced', 'open', 'closed', 'adopted', 'rejected', 'withdrawn'),
  opensAtUs: amount,
  closesAtUs: amount,
  votes: record({ for: count, against: count, abstain: count }),
  comments: count,
};
const proposal = record<Proposal>({
  ...lineFields,
  text,
  policySha256: text,
  leaf: orNull(amount),
  policy: document,
  before: orNull(document),
  said: list(
    record<Said>({
      number: count,
      author: count,
      name: orNull(text),
      isOwn: flag,
      atUs: amount,
      text: orNull(text),
      hiddenReason: orNull(text),
    }),
  ),
  own: orNull(record({ choice: orNull(choice), commentsLeft: count })),
  decision: orNull(
    record<Decision>({
      verdict,
      reasons: text,
      policySha256: orNull(text),
      decidedAtUs: amount,
      leaf: orNull(amount),
      amended: orNull(document),
    }),
  ),
  file: text,
});
const partners = list(record<Partner>({ id: text, name: text, what: text, url: text }));
const success = record<Success>({
  epochId: orNull(text),
  sample: flag,
  figures: list(record({ id: text, value: text })),
  epochs: list(
    record<SuccessEpoch>({
      epochId: text,
      revenueCents: amount,
      recurringCents: amount,
      shareCents: amount,
      participants: count,
      operators: count,
      file: text,
      leaf: amount,
    }),
  ),
});

/** What the network says of itself. */
export const network = {
  success: () => fetchRoute('GET /api/reports/success', success),
  about: () =>
    fetchRoute(
      'GET /api/network',
      record({
        partners,
        licences: list(
          record<Licence>({
            licence: text,
            part: oneOf('program', 'sounds', 'packages'),
            author: text,
            count,
          }),
        ),
      }),
    ),
  addPartner: (partner: Omit<Partner, 'id'>) =>
    sendRoute('POST /api/network/partners', record({ partners }), partner),
  removePartner: (id: string) =>
    fetchRoute('DELETE /api/network/partners/:partner', record({ partners }), { params: { partner: id } }),
};

const at = (id: string) => ({ params: { id } });

/** Proposed policies. */
export const proposals = {
  page: async (after: string | null) => {
    const answer = await fetchRoute(
      'GET /api/proposals',
      record({ proposals: list(record<ProposalLine>(lineFields)), next: orNull(text) }),
      after === null ? {} : { query: { after } },
    );
    return answer.ok
      ? { ...answer, value: { rows: answer.value.proposals, next: answer.value.next } }
      : answer;
  },
  show: (id: string) => fetchRoute('GET /api/proposals/:id', proposal, at(id)),
  open: (opening: {
    readonly title: string;
    readonly text: string;
    readonly policy: object;
    readonly closesAtUs: string;
  }) => sendRoute('POST /api/proposals', proposal, opening),
  comment: (id: string, words: string) =>
    sendRoute('POST /api/proposals/:id/comments', proposal, { text: words }, at(id)),
  vote: (id: string, chosen: Choice) =>
    sendRoute('PUT /api/proposals/:id/vote', proposal, { choice: chosen }, at(id)),
  hide: (id: string, number: number, reason: string) =>
    sendRoute(
      'POST /api/proposals/:id/comments/:number/hiding',
      proposal,
      { reason },
      {
        params: { id, number },
      },
    ),
  decide: (id: string, decision: { verdict: Verdict; reasons: string; policy?: object }) =>
    sendRoute('POST /api/proposals/:id/decision', proposal, decision, at(id)),
};
