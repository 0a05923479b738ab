import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, count, flag, list, number, oneOf, orNull, record, text } from '../api/shape.ts';

export interface Repository {
  readonly slug: string;
  readonly repository: string;
  readonly isMeasured: boolean;
  readonly read: {
    readonly head: string;
    readonly commits: number;
    readonly statements: number;
    readonly people: number;
    readonly files: number;
    readonly heldBack: number | null;
    readonly packages: number | null;
    readonly problem: string | null;
  } | null;
}

/** Shares are out of 10⁹. */
export interface Owner {
  readonly id: string;
  readonly name: string;
  readonly share: number;
  readonly statements: number;
}

export interface CodeFile {
  readonly path: string;
  readonly statements: number;
  readonly share: number;
  readonly owner: string | null;
}

export interface UsedPackages {
  readonly repository: string;
  readonly packages: readonly string[];
  readonly isDirect: boolean;
  readonly share: number;
}

export interface ClaimPlan {
  readonly challenge: string;
  readonly namespace: string;
  readonly way: 'repositories' | 'account' | 'committed';
  readonly repositories: readonly string[];
  readonly files: readonly string[];
  readonly keysAddresses: readonly string[];
}

export interface Identity {
  readonly number: string;
  readonly kind: 'claim' | 'release';
  readonly packages: string | null;
  readonly atUs: string;
  readonly key: string;
  readonly isHeld: boolean;
  readonly code: readonly {
    readonly slug: string;
    readonly repository: string;
    readonly name: string;
    readonly share: number;
  }[];
  readonly waitingMicroJam: string;
}

/** What is claimed or let go of: an address of commits, or a repository of packages. */
export type Claim = { readonly kind: 'claim' | 'release' } & (
  | { readonly email: string }
  | { readonly packages: string }
);

export interface OwnBounty {
  readonly id: string;
  readonly repository: string;
  readonly commit: string;
  readonly state: 'waiting' | 'paid' | 'refused' | 'granted';
  readonly statements: number;
  readonly tokens: number;
  readonly reason: string | null;
  readonly epochId: string | null;
}

export interface Filed {
  readonly repository: string;
  readonly contributions: number;
  readonly usedMerit: string;
  readonly bountiesPaid: number;
  readonly queued: number;
  readonly leftOut: number;
}

export interface Settled {
  readonly handedOver: readonly {
    readonly from: string;
    readonly to: string;
    readonly microJam: string;
    readonly cents: string;
  }[];
  readonly expired: readonly { readonly payee: string; readonly microJam: string; readonly cents: string }[];
}

const repository = record<Repository>({
  slug: text,
  repository: text,
  isMeasured: flag,
  read: orNull(
    record({
      head: text,
      commits: count,
      statements: count,
      people: count,
      files: count,
      heldBack: orNull(count),
      packages: orNull(count),
      problem: orNull(text),
    }),
  ),
});
const owner = record<Owner>({ id: text, name: text, share: number, statements: count });
const file = record<CodeFile>({ path: text, statements: count, share: number, owner: orNull(text) });
const used = record<UsedPackages>({ repository: text, packages: list(text), isDirect: flag, share: number });
const plan = record<ClaimPlan>({
  challenge: text,
  namespace: text,
  way: oneOf('repositories', 'account', 'committed'),
  repositories: list(text),
  files: list(text),
  keysAddresses: list(text),
});
const identity = record<Identity>({
  number: amount,
  kind: oneOf('claim', 'release'),
  packages: orNull(text),
  atUs: amount,
  key: text,
  isHeld: flag,
  code: list(record({ slug: text, repository: text, name: text, share: number })),
  waitingMicroJam: amount,
});
const bounty = record<OwnBounty>({
  id: text,
  repository: text,
  commit: text,
  state: oneOf('waiting', 'paid', 'refused', 'granted'),
  statements: count,
  tokens: count,
  reason: orNull(text),
  epochId: orNull(text),
});
const filed = record<Filed>({
  repository: text,
  contributions: count,
  usedMerit: amount,
  bountiesPaid: count,
  queued: count,
  leftOut: count,
});
const settled = record<Settled>({
  handedOver: list(record({ from: text, to: text, microJam: amount, cents: amount })),
  expired: list(record({ payee: text, microJam: amount, cents: amount })),
});

const query = (after: string | null) => ({ query: { after: after ?? undefined } });

export const code = {
  repositories: async (after: string | null) => {
    const shape = record({ repositories: list(repository), next: orNull(text) });
    const answer = await fetchRoute('GET /api/code/repositories', shape, query(after));
    return answer.ok
      ? { ...answer, value: { rows: answer.value.repositories, next: answer.value.next } }
      : answer;
  },
  repository: (slug: string) =>
    fetchRoute('GET /api/code/repositories/:slug', repository, { params: { slug } }),
  people: async (slug: string, after: string | null) => {
    const shape = record({ people: list(owner), next: orNull(text) });
    const asked = { params: { slug }, ...query(after) };
    const answer = await fetchRoute('GET /api/code/repositories/:slug/people', shape, asked);
    return answer.ok ? { ...answer, value: { rows: answer.value.people, next: answer.value.next } } : answer;
  },
  files: async (slug: string, after: string | null) => {
    const shape = record({ files: list(file), next: orNull(text) });
    const asked = { params: { slug }, ...query(after) };
    const answer = await fetchRoute('GET /api/code/repositories/:slug/files', shape, asked);
    return answer.ok ? { ...answer, value: { rows: answer.value.files, next: answer.value.next } } : answer;
  },
  packages: async (slug: string, after: string | null) => {
    const shape = record({ packages: list(used), next: orNull(text) });
    const asked = { params: { slug }, ...query(after) };
    const answer = await fetchRoute('GET /api/code/repositories/:slug/packages', shape, asked);
    return answer.ok
      ? { ...answer, value: { rows: answer.value.packages, next: answer.value.next } }
      : answer;
  },
  identities: async (after: string | null) => {
    const shape = record({ identities: list(identity), next: orNull(text) });
    const answer = await fetchRoute('GET /api/code/identities', shape, query(after));
    return answer.ok
      ? { ...answer, value: { rows: answer.value.identities, next: answer.value.next } }
      : answer;
  },
  plan: (claim: Claim) => sendRoute('POST /api/code/identities/challenge', plan, claim),
  enter: (claim: Claim, signature: string | null) =>
    sendRoute('POST /api/code/identities', identity, {
      ...claim,
      ...(signature === null ? {} : { signature }),
    }),
  ownBounties: async (after: string | null) => {
    const shape = record({ bounties: list(bounty), next: orNull(text) });
    const answer = await fetchRoute('GET /api/code/bounties', shape, query(after));
    return answer.ok
      ? { ...answer, value: { rows: answer.value.bounties, next: answer.value.next } }
      : answer;
  },
  file: (epoch: string, name: string) =>
    sendRoute('POST /api/code/epochs/:epoch', list(filed), { repository: name }, { params: { epoch } }),
  settle: () => sendRoute('POST /api/code/escrow', settled, {}),
};
