import { Type } from 'typebox';
import { REDEEM_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { Kind, orNull, RedemptionView, Whole } from './shapes.ts';

/** Epochs that a wallet names; the lines and the books have all. */
export const WALLET_EPOCHS_MAX = 24;

const WalletAnswer = Type.Object(
  {
    payee: Type.String(),
    label: Type.String(),
    balanceMicroJam: Type.String(),
    reservedMicroJam: Type.String(),
    escrowMicroJam: Type.String(),
    worthCents: Type.String(),
    /** That paid something, the newest first. */
    epochs: Type.Array(Type.String(), { maxItems: WALLET_EPOCHS_MAX }),
  },
  { title: 'Wallet' },
);
const WalletLine = Type.Object(
  {
    epoch: Type.String(),
    kind: Type.String(),
    rule: Type.Enum(['merit', 'use']),
    what: Type.Enum(['take', 'model', 'code', 'package', 'bounty', 'work', 'votes']),
    name: Type.String(),
    text: Type.String(),
    amountMicroJam: Type.String(),
    contribution: Type.String(),
  },
  { title: 'WalletLine' },
);
const ExplainedLine = Type.Object(
  {
    epochId: Type.String(),
    rule: Type.Enum(['merit', 'use']),
    kind: Kind,
    contribution: Type.String(),
    subject: Type.String(),
    evidence: Type.String(),
    rowId: Type.String(),
    receipts: Type.Array(Type.String()),
    microJam: Whole,
    reason: orNull(Type.String()),
  },
  { title: 'ExplainedLine' },
);
const ExplainedWallet = Type.Object(
  {
    payee: Type.String(),
    label: Type.String(),
    epochs: Type.Array(
      Type.Object({
        epochId: Type.String(),
        microJam: Whole,
        cents: Whole,
        escrowed: Type.Boolean(),
        unitsLeaf: orNull(Whole),
        cashLeaf: orNull(Whole),
        unitsProof: orNull(Type.String()),
        cashProof: orNull(Type.String()),
        lines: Type.Array(ExplainedLine),
      }),
    ),
  },
  { title: 'ExplainedWallet' },
);
const Fill = Type.Object({ id: Type.String(), microJam: Whole, cents: Whole }, { title: 'Fill' });
const RedemptionRun = Type.Object(
  {
    capCents: Whole,
    fills: Type.Array(Fill),
    paidCents: Whole,
    redeemedMicroJam: Whole,
    suspended: Type.Number(),
  },
  { title: 'RedemptionRun' },
);

export const WALLET_CONTRACTS = {
  'GET /api/account/wallet': {
    summary: "One's own wallet: balance, and what it is worth today",
    letsIn: 'members',
    answer: WalletAnswer,
  },
  'GET /api/account/wallet/lines': {
    summary: 'What one was paid, each line with its reason; newest epochs first',
    letsIn: 'members',
    query: PageQuery,
    answer: pageOf('lines', WalletLine),
    codes: ['cursor-malformed'],
  },
  'POST /api/account/redemptions': {
    summary: "Redeems units of one's own; the same key asks once",
    letsIn: 'members',
    answer: RedemptionView,
    codes: [...REDEEM_CODES],
  },
  'GET /api/wallets/:payee': {
    summary: "A payee's wallet",
    letsIn: 'ownOrHere',
    answer: WalletAnswer,
    codes: ['payee-unknown'],
  },
  'GET /api/wallets/:payee/lines': {
    summary: 'What a payee was paid, each line with its reason; newest epochs first',
    letsIn: 'ownOrHere',
    query: PageQuery,
    answer: pageOf('lines', WalletLine),
    codes: ['cursor-malformed', 'payee-unknown'],
  },
  'GET /api/wallets/:payee/explained': {
    summary: 'Each line of a wallet with its row, rule, evidence, receipts and proofs',
    letsIn: 'readers',
    answer: ExplainedWallet,
    codes: ['payee-unknown'],
  },
  'GET /api/redemptions': {
    summary: 'Redemptions, all or of one payee',
    letsIn: 'readers',
    answer: Type.Array(RedemptionView, { maxItems: 1_000 }),
  },
  'POST /api/redemptions': {
    summary: 'Redeems for a payee; the same key asks once',
    letsIn: 'operator',
    answer: RedemptionView,
    codes: [...REDEEM_CODES],
  },
  'POST /api/redemptions/:id/cancel': {
    summary: 'Takes an open redemption back',
    letsIn: 'operator',
    answer: RedemptionView,
    codes: ['unknown-redemption', 'cut-off-passed', 'redemption-state', 'payee-malformed'],
  },
  'POST /api/redemptions/run': {
    summary: 'Prices and pays what is due',
    letsIn: 'operator',
    answer: RedemptionRun,
    codes: ['no-policy', 'epoch-settling', 'another-process-leads'],
  },
} as const satisfies Contracts;
