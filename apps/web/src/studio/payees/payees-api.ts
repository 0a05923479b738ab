import { fetchRoute, sendRoute } from '../../api/fetch-route.ts';
import { amount, flag, list, oneOf, orNull, record, type Shape, text } from '../../api/shape.ts';

export const CHECKS = ['identity', 'taxForm', 'sanctions', 'bank'] as const;
export type Check = (typeof CHECKS)[number];
export const NAME_CHECKS = ['match', 'close-match', 'no-match', 'not-possible'] as const;
type NameCheck = (typeof NAME_CHECKS)[number];

export interface CheckRecord {
  readonly state: 'verified' | 'rejected' | 'missing' | 'submitted';
  /** Commitment to what was looked at, hex. */
  readonly evidence: string | null;
  readonly atUs: string;
}

/** What is known of a payee without any personal data. */
export interface Payee {
  readonly payee: string;
  readonly checks: Readonly<Record<Check, CheckRecord>>;
  readonly nameCheck: NameCheck | null;
  readonly holds: readonly { readonly id: string; readonly reason: string; readonly sinceUs: string }[];
  readonly mayBePaid: boolean;
  /** Why not, in a sentence. */
  readonly why: string | null;
}

export interface Judgement {
  readonly check: Check;
  readonly verdict: 'verified' | 'rejected';
  readonly evidence?: string;
  readonly nameCheck?: NameCheck;
}

const checkRecord = record<CheckRecord>({
  state: oneOf('verified', 'rejected', 'missing', 'submitted'),
  evidence: orNull(text),
  atUs: amount,
});
const payee = record<Payee>({
  payee: text,
  checks: record({ identity: checkRecord, taxForm: checkRecord, sanctions: checkRecord, bank: checkRecord }),
  nameCheck: orNull(oneOf(...NAME_CHECKS)),
  holds: list(record({ id: text, reason: text, sinceUs: amount })),
  mayBePaid: flag,
  why: orNull(text),
});
/** Handed on as it came: it is the payee's to read, not the page's. */
const whole: Shape<object> = (value) => Object(value) as object;

export const payees = {
  page: async (after: string | null) => {
    const answer = await fetchRoute(
      'GET /api/payees',
      record({ payees: list(payee), next: orNull(text) }),
      after === null ? {} : { query: { after } },
    );
    return answer.ok ? { ...answer, value: { rows: answer.value.payees, next: answer.value.next } } : answer;
  },
  one: (name: string) => fetchRoute('GET /api/payees/:payee', payee, { params: { payee: name } }),
  judge: (name: string, judgement: Judgement) =>
    sendRoute('POST /api/payees/:payee/checks', payee, judgement, { params: { payee: name } }),
  hold: (name: string, hold: { id: string; reason: string }) =>
    sendRoute('POST /api/payees/:payee/holds', payee, hold, { params: { payee: name } }),
  release: (name: string, id: string) =>
    sendRoute('POST /api/payees/:payee/releases', payee, { id }, { params: { payee: name } }),
  hand: (name: string, document: object) =>
    sendRoute('POST /api/payees/:payee', payee, document, { params: { payee: name } }),
  export: (name: string) => fetchRoute('POST /api/payees/:payee/export', whole, { params: { payee: name } }),
  erase: (name: string) => fetchRoute('POST /api/payees/:payee/erase', payee, { params: { payee: name } }),
};
