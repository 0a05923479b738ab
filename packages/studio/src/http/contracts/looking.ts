import { Type } from 'typebox';
import { POLICIES_SHOWN_MAX } from '../../books/books-desk.ts';
import type { Contracts } from './contract.ts';
import { Next, PageQuery } from './pages.ts';
import { Kind, orNull, PolicyDocument, UnitPrice, Whole } from './shapes.ts';

export const PublishedPolicy = Type.Object(
  { sha256: Type.String(), policy: PolicyDocument, publishedAtUs: Whole },
  { title: 'PublishedPolicy' },
);
const BooksAccount = Type.Object(
  { code: Type.String(), asset: Type.String(), kind: Type.String(), balance: Whole, held: Whole },
  { title: 'BooksAccount' },
);
const BooksMove = Type.Object(
  { entryIndex: Whole, legNumber: Whole, amount: Whole, balance: Whole },
  { title: 'BooksMove' },
);
const epochLine = {
  epoch: Type.String(),
  sample: Type.Boolean(),
  policyName: Type.String(),
  closedAtUs: Whole,
  revenueCents: Whole,
  shareCents: Whole,
  issuedMicroJam: Whole,
  cashCents: Whole,
  participants: Type.Number(),
  file: Type.String(),
  sha256: Type.String(),
  statementLeaf: Whole,
};
const EpochLine = Type.Object(epochLine, { title: 'EpochLine' });
const EpochSheet = Type.Object(
  {
    ...epochLine,
    price: orNull(UnitPrice),
    streams: Type.Array(Type.Object({ stream: Type.String(), netCents: Whole })),
    kinds: Type.Array(Type.Object({ kind: Kind, microJam: Whole })),
    payees: Type.Number(),
  },
  { title: 'EpochSheet' },
);
const PaidLine = Type.Object(
  {
    payee: Type.String(),
    name: orNull(Type.String()),
    microJam: Whole,
    cents: Whole,
    byKind: Type.Object({ music: Whole, code: Whole, compute: Whole, curation: Whole }),
    escrowed: Type.Boolean(),
  },
  { title: 'PaidLine' },
);

/** With the decision that adopted it, where one was proposed first. */
const ShownPolicy = Type.Object(
  {
    sha256: Type.String(),
    policy: PolicyDocument,
    publishedAtUs: Whole,
    decision: orNull(
      Type.Object({
        proposal: Type.String(),
        title: Type.String(),
        isAmended: Type.Boolean(),
        decidedAtUs: Whole,
      }),
    ),
  },
  { title: 'ShownPolicy' },
);

/** The public books page by page, for whoever looks through them. */
export const LOOKING_CONTRACTS = {
  'GET /api/books/accounts': {
    summary: 'Accounts by the beginning of their code, with balances',
    letsIn: 'open',
    answer: Type.Object({ accounts: Type.Array(BooksAccount), next: orNull(Type.String()) }),
  },
  'GET /api/books/moves': {
    summary: 'What moved an account, the newest first',
    letsIn: 'open',
    answer: Type.Object({ account: BooksAccount, moves: Type.Array(BooksMove), next: orNull(Type.String()) }),
    codes: ['account-unknown', 'cursor-malformed'],
  },
  'GET /api/books/epochs': {
    summary: 'Closed epochs, the newest first',
    letsIn: 'open',
    answer: Type.Object({ epochs: Type.Array(EpochLine), next: orNull(Type.String()) }),
  },
  'GET /api/books/epochs/:epoch': {
    summary: 'One closed epoch: revenue by stream, what was issued by kind',
    letsIn: 'open',
    answer: EpochSheet,
    codes: ['epoch-not-closed'],
  },
  'GET /api/books/epochs/:epoch/paid': {
    summary: 'Who was paid in an epoch, the largest first',
    letsIn: 'open',
    answer: Type.Object({ paid: Type.Array(PaidLine), next: orNull(Type.String()) }),
    codes: ['epoch-not-closed', 'cursor-malformed'],
  },
  'GET /api/books/policies': {
    summary: 'Published policies, the newest first, each with the proposal that it was adopted by',
    letsIn: 'open',
    answer: Type.Object({ policies: Type.Array(ShownPolicy, { maxItems: POLICIES_SHOWN_MAX }) }),
  },
  'GET /api/books/files': {
    summary: 'What of the public directory can be downloaded',
    letsIn: 'open',
    query: PageQuery,
    answer: Type.Object({
      files: Type.Array(Type.Object({ path: Type.String(), files: Type.Number(), bytes: Type.Number() })),
      isCutShort: Type.Boolean(),
      next: Next,
    }),
    codes: ['cursor-malformed'],
  },
} as const satisfies Contracts;
