import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, count, flag, list, number, oneOf, orNull, record, text } from '../api/shape.ts';
import type { Told } from '../api/told.ts';

/** As the contracts have them. Shares are out of 10⁹. */
export type Repository = Told<'GET /api/code/repositories/:slug'>;
export type Owner = Told<'GET /api/code/repositories/:slug/people'>['people'][number];
export type CodeFile = Told<'GET /api/code/repositories/:slug/files'>['files'][number];
export type UsedPackages = Told<'GET /api/code/repositories/:slug/packages'>['packages'][number];
export type ClaimPlan = Told<'POST /api/code/identities/challenge'>;
export type Identity = Told<'POST /api/code/identities'>;
export type OwnBounty = Pick<
  Told<'GET /api/code/bounties'>['bounties'][number],
  'id' | 'repository' | 'commit' | 'state' | 'statements' | 'tokens' | 'reason' | 'epochId'
>;
export type Filed = Pick<
  Told<'POST /api/code/epochs/:epoch'>[number],
  'repository' | 'contributions' | 'usedMerit' | 'bountiesPaid' | 'queued' | 'leftOut'
>;
export type Settled = Told<'POST /api/code/escrow'>;

/** What is claimed or let go of: an address of commits, or a repository of packages. */
export type Claim = { readonly kind: 'claim' | 'release' } & (
  | { readonly email: string }
  | { readonly packages: string }
);

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
  payee: text,
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
