import type { Result } from '@jamnet/base';
import { type FetchCode, fetchJson } from '../api/fetch-json.ts';
import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, count, flag, list, number, oneOf, orNull, record, type Shape, text } from '../api/shape.ts';

export type Side = 'a' | 'b' | 'x';

export interface Pair {
  readonly id: string;
  readonly form: 'ab' | 'abx';
  readonly seconds: number;
}

export interface Standing {
  readonly settled: number;
  readonly agreeing: number;
  readonly waiting: number;
  readonly rounds: number;
  /** Thousandths of a vote, decimal. */
  readonly creditMilliVotes: string;
}

export interface Listening {
  readonly answered: number;
  readonly of: number;
  readonly pair: Pair | null;
  readonly standing: Standing;
  readonly clips: { readonly offered: number; readonly approved: number };
}

export type ReleaseVerdict = 'approved' | 'objected';

export interface Release {
  readonly version: number;
  readonly kind: 'first' | 'release' | 'rollback';
  readonly model: string;
  readonly gainPpm: string | null;
  readonly gainLowerPpm: string | null;
  readonly releasedAtUs: string;
  readonly isCurrent: boolean;
  readonly state: 'waiting' | ReleaseVerdict;
  readonly approvingGroups: number;
  readonly objectingGroups: number;
  readonly own: { readonly verdict: ReleaseVerdict; readonly reason: string } | null;
  readonly reasons: readonly { readonly verdict: ReleaseVerdict; readonly reason: string }[];
}

/** A model between its figures and its release. */
export interface Candidate {
  readonly kind: 'groove' | 'concealment';
  readonly model: string;
  readonly modelSha256: string;
  readonly gainPpm: string;
  readonly openedAtUs: string;
  readonly deadlineUs: string;
  readonly state: 'waiting' | 'released' | 'refused';
  readonly code: (typeof CANDIDATE_CODES)[number] | null;
  readonly reason: string;
  readonly groups: number;
  readonly groupsMin: number;
  readonly endedAtUs: string | null;
}

export interface Bounty {
  readonly id: string;
  readonly repository: string;
  readonly commit: string;
  readonly state: 'waiting' | 'granted' | 'refused' | 'paid';
  readonly statements: number;
  readonly tokens: number;
  readonly reason: string | null;
}

export interface Change {
  readonly subject: string;
  readonly added: number;
  readonly removed: number;
  readonly files: number;
  readonly diff: string;
  readonly isCut: boolean;
}

const CANDIDATE_CODES = [
  'heard',
  'deadline',
  'curators-prefer-released',
  'released-meanwhile',
  'withdrawn',
] as const;

type Asked<T> = Promise<Result<T, FetchCode>>;

const anything: Shape<null> = () => null;
const listening = record<Listening>({
  answered: count,
  of: count,
  pair: orNull(record<Pair>({ id: text, form: oneOf('ab', 'abx'), seconds: number })),
  standing: record<Standing>({
    settled: count,
    agreeing: count,
    waiting: count,
    rounds: count,
    creditMilliVotes: amount,
  }),
  clips: record({ offered: count, approved: count }),
});
const verdict = oneOf('approved', 'objected');
const opinion = record({ verdict, reason: text });
const release = record<Release>({
  version: count,
  kind: oneOf('first', 'release', 'rollback'),
  model: text,
  gainPpm: orNull(amount),
  gainLowerPpm: orNull(amount),
  releasedAtUs: amount,
  isCurrent: flag,
  state: oneOf('waiting', 'approved', 'objected'),
  approvingGroups: count,
  objectingGroups: count,
  own: orNull(opinion),
  reasons: list(opinion),
});
const candidate = record<Candidate>({
  kind: oneOf('groove', 'concealment'),
  model: text,
  modelSha256: text,
  gainPpm: amount,
  openedAtUs: amount,
  deadlineUs: amount,
  state: oneOf('waiting', 'released', 'refused'),
  code: orNull(oneOf(...CANDIDATE_CODES)),
  reason: text,
  groups: count,
  groupsMin: count,
  endedAtUs: orNull(amount),
});
const bounty = record<Bounty>({
  id: text,
  repository: text,
  commit: text,
  state: oneOf('waiting', 'granted', 'refused', 'paid'),
  statements: count,
  tokens: count,
  reason: orNull(text),
});
const change = record<Change>({
  subject: text,
  added: count,
  removed: count,
  files: count,
  diff: text,
  isCut: flag,
});

function post<T>(path: string, shape: Shape<T>, body: object): Asked<T> {
  return fetchJson(path, shape, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export const curation = {
  look: (): Asked<Listening> => fetchJson('/api/curation', listening),
  soundPath: (pair: string, side: Side): string => `/api/curation/pairs/${pair}/sound/${side}`,
  answer: (pair: string, chosen: 'a' | 'b') =>
    post(`/api/curation/pairs/${pair}/answer`, listening, { chosen }),
  candidates: (): Asked<{ candidates: readonly Candidate[] }> =>
    fetchJson('/api/curation/candidates', record({ candidates: list(candidate) })),
  releases: (): Asked<{ releases: readonly Release[] }> =>
    fetchJson('/api/curation/releases', record({ releases: list(release) })),
  judgeRelease: (version: number, judged: ReleaseVerdict, reason: string) =>
    post(`/api/curation/releases/${version}/verdicts`, anything, { verdict: judged, reason }),
  bounties: async (state: Bounty['state'] | null, after: string | null) => {
    const shape = record({ bounties: list(bounty), next: orNull(text) });
    const query = { state: state ?? undefined, after: after ?? undefined };
    const answer = await fetchRoute('GET /api/bounties', shape, { query });
    return answer.ok
      ? { ...answer, value: { rows: answer.value.bounties, next: answer.value.next } }
      : answer;
  },
  change: (id: string): Asked<{ change: Change }> => fetchJson(`/api/bounties/${id}`, record({ change })),
  decideBounty: (id: string, decided: 'granted' | 'refused', reason: string) =>
    sendRoute('POST /api/bounties/:id/decisions', bounty, { verdict: decided, reason }, { params: { id } }),
};
