import { Type } from 'typebox';
import { BOUNTY_CODES, FILING_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
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

export const CODE_CONTRACTS = {
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
    summary: 'Commits that no replay can judge',
    letsIn: 'judgesAndReaders',
    answer: Type.Array(BountyView),
    codes: [...BOUNTY_CODES],
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
