import { Type } from 'typebox';
import { BOUNTY_CODES, FILING_CODES, IDENTITY_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf, pageQuery } from './pages.ts';
import { orNull, Whole } from './shapes.ts';

const BountyView = Type.Object(
  {
    statements: Type.Number(),
    payees: Type.Array(Type.String()),
    id: Type.String(),
    curator: orNull(Type.String()),
    state: Type.Enum(['waiting', 'paid', 'refused', 'granted']),
    commit: Type.String(),
    repository: Type.String(),
    queuedAtUs: Type.String(),
    reason: orNull(Type.String()),
    epochId: orNull(Type.String()),
    contribution: orNull(Type.String()),
    tokens: Type.Number(),
  },
  { title: 'BountyView' },
);
const CommitDiff = Type.Object(
  {
    commit: Type.String(),
    subject: Type.String(),
    added: Type.Number(),
    removed: Type.Number(),
    files: Type.Number(),
    diff: Type.String(),
    isCut: Type.Boolean(),
  },
  { title: 'CommitDiff' },
);
const BountyWithChange = Type.Object(
  {
    statements: Type.Number(),
    payees: Type.Array(Type.String()),
    id: Type.String(),
    curator: orNull(Type.String()),
    state: Type.Enum(['waiting', 'paid', 'refused', 'granted']),
    commit: Type.String(),
    repository: Type.String(),
    queuedAtUs: Type.String(),
    reason: orNull(Type.String()),
    epochId: orNull(Type.String()),
    contribution: orNull(Type.String()),
    tokens: Type.Number(),
    change: CommitDiff,
  },
  { title: 'BountyWithChange' },
);
const CodeFiled = Type.Object(
  {
    repository: Type.String(),
    epochId: Type.String(),
    head: Type.String(),
    usedMerit: Whole,
    contributions: Type.Number(),
    bountiesPaid: Type.Number(),
    queued: Type.Number(),
    leftOut: Type.Number(),
  },
  { title: 'CodeFiled' },
);
const SettledEscrow = Type.Object(
  {
    handedOver: Type.Array(
      Type.Object({ from: Type.String(), to: Type.String(), microJam: Whole, cents: Whole }),
    ),
    expired: Type.Array(Type.Object({ payee: Type.String(), microJam: Whole, cents: Whole })),
  },
  { title: 'SettledEscrow' },
);

const CodeRepository = Type.Object(
  {
    slug: Type.String(),
    repository: Type.String(),
    isMeasured: Type.Boolean(),
    read: orNull(
      Type.Object({
        head: Type.String(),
        commits: Type.Number(),
        statements: Type.Number(),
        people: Type.Number(),
        files: Type.Number(),
        heldBack: orNull(Type.Number()),
        packages: orNull(Type.Number()),
        problem: orNull(Type.String()),
      }),
    ),
  },
  { title: 'CodeRepository' },
);
const SlugParams = Type.Object({ slug: Type.String({ pattern: '^[a-z0-9._-]{1,300}$' }) });
/** Shares are out of 10⁹. */
const CodeOwner = Type.Object(
  { id: Type.String(), name: Type.String(), share: Type.Number(), statements: Type.Number() },
  { title: 'CodeOwner' },
);
const CodeFile = Type.Object(
  {
    path: Type.String(),
    statements: Type.Number(),
    share: Type.Number(),
    /** Id of who owns most of what earns here. */
    owner: orNull(Type.String()),
  },
  { title: 'CodeFile' },
);
const UsedPackages = Type.Object(
  {
    repository: Type.String(),
    packages: Type.Array(Type.String()),
    isDirect: Type.Boolean(),
    share: Type.Number(),
  },
  { title: 'UsedPackages' },
);
const PARTS_CODES = ['code-unknown', 'cursor-malformed'] as const;

const closed = { additionalProperties: false } as const;
const claim = {
  kind: Type.Enum(['claim', 'release']),
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 320 })),
  packages: Type.Optional(Type.String({ minLength: 3, maxLength: 200 })),
};
export const ClaimBody = Type.Object(claim, closed);
/** An armoured signature; none where the challenge was committed. */
export const SignedClaimBody = Type.Object(
  { ...claim, signature: Type.Optional(Type.String({ maxLength: 16 << 10 })) },
  closed,
);
const ClaimPlan = Type.Object(
  {
    challenge: Type.String(),
    namespace: Type.String(),
    way: Type.Enum(['repositories', 'account', 'committed']),
    repositories: Type.Array(Type.String(), { maxItems: 100 }),
    files: Type.Array(Type.String(), { maxItems: 2 }),
    keysAddresses: Type.Array(Type.String(), { maxItems: 2 }),
  },
  { title: 'ClaimPlan' },
);
const OwnIdentity = Type.Object(
  {
    number: Whole,
    kind: Type.Enum(['claim', 'release']),
    packages: orNull(Type.String()),
    payee: Type.String(),
    atUs: Type.String(),
    key: Type.String(),
    isHeld: Type.Boolean(),
    code: Type.Array(
      Type.Object({
        slug: Type.String(),
        repository: Type.String(),
        name: Type.String(),
        share: Type.Number(),
      }),
    ),
    waitingMicroJam: Whole,
  },
  { title: 'OwnIdentity' },
);

export const CODE_CONTRACTS = {
  'GET /api/code/repositories': {
    summary: 'Repositories whose code is read here',
    letsIn: 'open',
    query: PageQuery,
    answer: pageOf('repositories', CodeRepository),
    codes: ['cursor-malformed', 'repositories-malformed'],
  },
  'GET /api/code/repositories/:slug': {
    summary: 'One of them',
    letsIn: 'open',
    params: SlugParams,
    answer: CodeRepository,
    codes: ['code-unknown', 'repositories-malformed'],
  },
  'GET /api/code/repositories/:slug/people': {
    summary: 'Who owns what runs of a repository, the largest share first',
    letsIn: 'open',
    params: SlugParams,
    query: PageQuery,
    answer: pageOf('people', CodeOwner),
    codes: PARTS_CODES,
  },
  'GET /api/code/repositories/:slug/files': {
    summary: 'Files of a repository by what they earn',
    letsIn: 'open',
    params: SlugParams,
    query: PageQuery,
    answer: pageOf('files', CodeFile),
    codes: PARTS_CODES,
  },
  'GET /api/code/repositories/:slug/packages': {
    summary: 'Whose packages a repository runs, by their part of what is set aside for packages',
    letsIn: 'open',
    params: SlugParams,
    query: PageQuery,
    answer: pageOf('packages', UsedPackages),
    codes: PARTS_CODES,
  },
  'GET /api/code/identities': {
    summary: 'Addresses and packages that one has claimed or let go of, newest first',
    letsIn: 'members',
    query: PageQuery,
    answer: pageOf('identities', OwnIdentity),
    codes: ['cursor-malformed', ...IDENTITY_CODES],
  },
  'POST /api/code/identities/challenge': {
    summary: 'What to sign or commit to claim or release an address or packages',
    letsIn: 'voices',
    onlyLooks: true,
    body: ClaimBody,
    answer: ClaimPlan,
    codes: [...IDENTITY_CODES],
  },
  'POST /api/code/identities': {
    summary: 'Claims or releases an address or packages, by what was signed or committed',
    letsIn: 'voices',
    body: SignedClaimBody,
    answer: OwnIdentity,
    codes: [...IDENTITY_CODES],
  },
  'GET /api/code/bounties': {
    summary: "Commits of one's own that no replay can judge, oldest first, with what curators decided",
    letsIn: 'members',
    query: PageQuery,
    answer: pageOf('bounties', BountyView),
    codes: ['cursor-malformed', ...BOUNTY_CODES],
  },
  'GET /reports/code': { summary: 'Repositories that earn, for reading', letsIn: 'open', media: 'text/html' },
  'GET /reports/code/:slug': {
    summary: 'Who owns what of a repository, for reading',
    letsIn: 'open',
    media: 'text/html',
  },
  'GET /reports/code/:slug/file': {
    summary: 'A file with owners and heat, for reading',
    letsIn: 'open',
    media: 'text/html',
  },
  'GET /reports/code/:slug/people/:person': {
    summary: 'What one person owns, for reading',
    letsIn: 'open',
    media: 'text/html',
  },
  'POST /api/webhooks/git/:forge': {
    summary: 'A forge tells of a push; its secret signs',
    letsIn: 'open',
    answer: Type.Object({
      fate: Type.Enum(['queued', 'repeated', 'ignored', 'foreign']),
      deliveryId: Type.String(),
    }),
    codes: ['webhook-malformed', 'webhook-signature-wrong', 'webhook-not-set-up', 'repositories-malformed'],
  },
  'GET /api/bounties': {
    summary: 'Commits that no replay can judge, oldest first',
    letsIn: 'judgesAndReaders',
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(Type.Enum(['waiting', 'paid', 'refused', 'granted'])),
    }),
    answer: pageOf('bounties', BountyView),
    codes: ['cursor-malformed', ...BOUNTY_CODES],
  },
  'GET /api/bounties/:id': {
    summary: 'One of them with its change',
    letsIn: 'judgesAndReaders',
    answer: BountyWithChange,
    codes: [...BOUNTY_CODES],
  },
  'POST /api/bounties/:id/decisions': {
    summary: 'Grants or refuses a bounty, with a reason',
    letsIn: 'judges',
    answer: BountyView,
    codes: ['curator-missing', ...BOUNTY_CODES],
  },
  'GET /api/code/epochs/:epoch': {
    summary: 'Repositories that are not filed for an epoch yet',
    letsIn: 'readers',
    answer: Type.Array(Type.String()),
    codes: ['repositories-malformed'],
  },
  'POST /api/code/epochs/:epoch': {
    summary: 'Files what code earned in an epoch',
    letsIn: 'operator',
    answer: Type.Array(CodeFiled),
    codes: [...FILING_CODES],
  },
  'POST /api/code/escrow': {
    summary: 'Hands over or ends what waited for unclaimed keys',
    letsIn: 'operator',
    answer: SettledEscrow,
    codes: [...FILING_CODES],
  },
} as const satisfies Contracts;
