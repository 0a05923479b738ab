import { Type } from 'typebox';
import { LOG_CODES, STATEMENT_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { LOOKING_CONTRACTS, PublishedPolicy } from './looking.ts';
import { Next } from './pages.ts';
import { AuditView, Kind, orNull, RedemptionView, UnitPrice, Valuation, Whole } from './shapes.ts';

const LedgerEntryRow = Type.Object(
  {
    index: Type.Number(),
    leafBase64: Type.String(),
    kind: Type.String(),
    legs: Type.Array(Type.Object({ account: Type.String(), amount: Type.String() })),
    text: Type.String(),
  },
  { title: 'LedgerEntryRow' },
);
const LedgerProof = Type.Object(
  {
    index: Type.Number(),
    size: Type.Number(),
    leafBase64: Type.String(),
    hashesBase64: Type.Array(Type.String()),
    checkpoint: Type.String(),
    vkey: Type.String(),
    origin: Type.String(),
  },
  { title: 'LedgerProof' },
);
const SuccessFigure = Type.Object(
  {
    id: Type.String(),
    label: Type.String(),
    value: Type.String(),
    definition: Type.String(),
    proof: Type.Object({ label: Type.String(), href: Type.String() }),
  },
  { title: 'SuccessFigure' },
);
const SuccessEpoch = Type.Object(
  {
    epochId: Type.String(),
    revenueCents: Whole,
    recurringCents: Whole,
    shareCents: Whole,
    issuedMicroJam: Whole,
    participants: Type.Number(),
    operators: Type.Number(),
    file: Type.String(),
    sha256: Type.String(),
    leaf: Whole,
  },
  { title: 'SuccessEpoch' },
);
const SuccessReport = Type.Object(
  {
    epochId: orNull(Type.String()),
    sample: Type.Boolean(),
    figures: Type.Array(SuccessFigure),
    epochs: Type.Array(SuccessEpoch),
  },
  { title: 'SuccessReport' },
);
const PricePoint = Type.Object(
  {
    priceTenThousandths: Whole,
    usedMicroJam: Whole,
    authorisedMicroJam: Whole,
    reserveCents: Whole,
    id: Type.String(),
    valueCents: Whole,
    fullyDilutedUnits: Whole,
    datedAtUs: Whole,
    approvedBy: Type.String(),
    documentSha256: Type.String(),
  },
  { title: 'PricePoint' },
);
const BalanceDay = Type.Object(
  { day: Type.String(), atUs: Whole, authorisedMicroJam: Whole, poolMicroJam: Whole, reserveCents: Whole },
  { title: 'BalanceDay' },
);
const PriceHistory = Type.Object(
  { points: Type.Array(PricePoint), days: Type.Array(BalanceDay) },
  { title: 'PriceHistory' },
);
const LeaderboardRow = Type.Object(
  {
    place: Type.Number(),
    payee: Type.String(),
    name: orNull(Type.String()),
    microJam: Whole,
    byKind: Type.Object({ music: Whole, code: Whole, compute: Whole, curation: Whole }),
  },
  { title: 'LeaderboardRow' },
);
const Leaderboard = Type.Object(
  {
    kind: orNull(Kind),
    epochIds: Type.Array(Type.String()),
    payees: Type.Number(),
    rows: Type.Array(LeaderboardRow),
  },
  { title: 'Leaderboard' },
);
const Correlation = Type.Object(
  { ppm: orNull(Whole), pairs: Type.Number(), kinds: Type.Array(Kind) },
  { title: 'Correlation' },
);
const OwnEpoch = Type.Object(
  {
    startUs: Whole,
    endUs: Whole,
    sha256: Type.String(),
    statementLeaf: Whole,
    closedAtUs: Whole,
    epochId: Type.String(),
    sample: Type.Boolean(),
    policyName: Type.String(),
    revenueCents: Whole,
    streamCents: Type.Object({
      compute: Whole,
      hardware: Whole,
      subscription: Whole,
      licence: Whole,
      storage: Whole,
      'conversion-fee': Whole,
    }),
    recurringCents: Whole,
    shareCents: Whole,
    issuedMicroJam: Whole,
    cashCents: Whole,
    price: orNull(UnitPrice),
    valuation: orNull(Valuation),
    participants: Type.Number(),
    operators: Type.Number(),
    rows: Type.Number(),
    correlation: Correlation,
  },
  { title: 'OwnEpoch' },
);
const PaidShare = Type.Object(
  {
    payee: Type.String(),
    microJam: Whole,
    cents: Whole,
    byKind: Type.Object({ music: Whole, code: Whole, compute: Whole, curation: Whole }),
    escrowed: Type.Boolean(),
  },
  { title: 'PaidShare' },
);
const WalletLine = Type.Object(
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
  },
  { title: 'WalletLine' },
);
const PayeeStatementAnswer = Type.Object(
  {
    epoch: OwnEpoch,
    payee: Type.String(),
    name: orNull(Type.String()),
    paid: PaidShare,
    lines: Type.Array(WalletLine),
    wallet: Type.Object({
      verified: Type.Boolean(),
      redemptions: Type.Array(RedemptionView),
      payee: Type.String(),
      balanceMicroJam: Whole,
      redeemingMicroJam: Whole,
      escrowMicroJam: Whole,
      payableCents: Whole,
      escrowCents: Whole,
      worthCents: orNull(Whole),
      earned: Type.Array(
        Type.Object({
          epochId: Type.String(),
          microJam: Whole,
          cents: Whole,
          escrowed: Type.Boolean(),
          unitsLeaf: orNull(Whole),
          cashLeaf: orNull(Whole),
        }),
      ),
    }),
  },
  { title: 'PayeeStatement' },
);
const StatementLink = Type.Object({ path: Type.String(), untilS: Type.Number() }, { title: 'StatementLink' });
const TaxLine = Type.Object(
  {
    payee: Type.String(),
    paidCents: Type.Tuple([Whole, Whole, Whole, Whole]),
    payouts: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
    withheldCents: Whole,
    feeCents: Type.Tuple([Whole, Whole, Whole, Whole]),
    issuedMicroJam: Whole,
    issuedValueCents: Whole,
    claimCents: Whole,
    redeemedMicroJam: Whole,
    redeemedCents: Whole,
    perkCents: Whole,
    reportableCents: Whole,
    reaches1099: Type.Boolean(),
  },
  { title: 'TaxLine' },
);
const TaxYear = Type.Object(
  {
    year: Type.Number(),
    basis: Type.Enum(['payment', 'issue']),
    threshold1099Cents: Whole,
    thresholdIsIndexed: Type.Boolean(),
    lines: Type.Array(TaxLine),
  },
  { title: 'TaxYear' },
);
const OcfFile = Type.Object({ name: Type.String(), content: Type.String() }, { title: 'OcfFile' });

export const BOOKS_CONTRACTS = {
  'GET /public/*': {
    summary: 'Files of the public log and books',
    letsIn: 'open',
    media: 'application/octet-stream',
  },
  'GET /api/ledger/entries': {
    summary: 'Entries of the ledger, from an index on',
    letsIn: 'open',
    answer: Type.Object({ size: Type.Number(), entries: Type.Array(LedgerEntryRow), next: Next }),
  },
  'GET /api/ledger/entries/:index/proof': {
    summary: 'That an entry is in the log, checkable without us',
    letsIn: 'open',
    answer: LedgerProof,
    codes: [...LOG_CODES],
  },
  'GET /api/ledger/entries/:index/promise': {
    summary: 'Our signed promise to publish a leaf within 24 h',
    letsIn: 'open',
    media: 'text/plain',
    codes: [...LOG_CODES],
  },
  'GET /api/ledger/entries/:index/receipt': {
    summary: "A leaf's place and proof as one text (C2SP tlog-proof)",
    letsIn: 'open',
    media: 'text/plain',
    codes: [...LOG_CODES],
  },
  'POST /api/audit': { summary: 'Audits the public books now', letsIn: 'open', answer: AuditView },
  ...LOOKING_CONTRACTS,
  'GET /api/policy': {
    summary: 'The policy in force',
    letsIn: 'open',
    answer: PublishedPolicy,
    codes: ['no-policy'],
  },
  'GET /api/reports/success': {
    summary: 'Public figures with their definitions',
    letsIn: 'open',
    answer: SuccessReport,
  },
  'GET /api/reports/price': { summary: 'The unit price over time', letsIn: 'open', answer: PriceHistory },
  'GET /api/reports/leaderboard': {
    summary: 'Who got most, by kind and epoch',
    letsIn: 'open',
    answer: Leaderboard,
    codes: ['epoch-not-closed'],
  },
  'GET /reports': { summary: 'Leads to /reports/', letsIn: 'open', media: 'text/html' },
  'GET /reports/': { summary: 'Figures for reading', letsIn: 'open', media: 'text/html' },
  'GET /reports/reports.css': { summary: 'How reports look', letsIn: 'open', media: 'text/css' },
  'GET /reports/price': { summary: 'The unit price, for reading', letsIn: 'open', media: 'text/html' },
  'GET /reports/leaderboard': { summary: 'Who got most, for reading', letsIn: 'open', media: 'text/html' },
  'GET /reports/epochs/:epoch': {
    summary: 'A closed epoch, for reading',
    letsIn: 'open',
    media: 'text/html',
  },
  'GET /reports/statements/:payee/:file': {
    summary: "A payee's statement, by a signed link too",
    letsIn: 'operatorOrLink',
    media: 'text/html',
  },
  'GET /api/reports/statements/:payee/:epoch': {
    summary: "A payee's statement of an epoch",
    letsIn: 'readers',
    answer: PayeeStatementAnswer,
    codes: [...STATEMENT_CODES],
  },
  'POST /api/reports/links': {
    summary: 'A link to a statement for its payee',
    letsIn: 'operator',
    answer: StatementLink,
    codes: ['link-days', ...STATEMENT_CODES],
  },
  'GET /api/reports/tax/:year': {
    summary: 'What payees were paid in a year, for tax forms (JSON or CSV)',
    letsIn: 'operator',
    answer: TaxYear,
    codes: ['tax-year-unknown'],
  },
  'POST /api/reports/cap-table': {
    summary: 'The cap table as files of Open Cap Format',
    letsIn: 'operator',
    onlyLooks: true,
    answer: Type.Array(OcfFile),
  },
  'PUT /api/names/:payee': {
    summary: 'Notes a name that a payee agreed to show',
    letsIn: 'operator',
    answer: Type.Object({ name: Type.String() }),
    codes: ['name-malformed', 'payee-malformed'],
  },
  'DELETE /api/names/:payee': {
    summary: 'Withdraws a shown name',
    letsIn: 'operator',
    answer: Type.Object({ payee: Type.String(), name: Type.Null() }),
  },
} as const satisfies Contracts;
