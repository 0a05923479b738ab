import { Type } from 'typebox';
import { BANK_CODES, PAYEE_CODES, RAILS_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { Next, PageQuery, pageOf } from './pages.ts';
import { orNull, Whole } from './shapes.ts';

const CheckRecord = Type.Object(
  {
    state: Type.Enum(['verified', 'rejected', 'missing', 'submitted']),
    evidence: orNull(Type.String()),
    atUs: Whole,
  },
  { title: 'CheckRecord' },
);
const Hold = Type.Object({ id: Type.String(), reason: Type.String(), sinceUs: Whole }, { title: 'Hold' });
const PayeeView = Type.Object(
  {
    payee: Type.String(),
    checks: Type.Object({
      identity: CheckRecord,
      taxForm: CheckRecord,
      sanctions: CheckRecord,
      bank: CheckRecord,
    }),
    nameCheck: orNull(Type.Enum(['match', 'close-match', 'no-match', 'not-possible'])),
    holds: Type.Array(Hold, { maxItems: 16 }),
    mayBePaid: Type.Boolean(),
    /** The first reason why not: its code, and a sentence. */
    code: orNull(Type.String()),
    why: orNull(Type.String()),
  },
  { title: 'PayeeView' },
);
const PayeeFile = Type.Object(
  {
    payee: Type.String(),
    checks: Type.Object({
      identity: CheckRecord,
      taxForm: CheckRecord,
      sanctions: CheckRecord,
      bank: CheckRecord,
    }),
    nameCheck: orNull(Type.Enum(['match', 'close-match', 'no-match', 'not-possible'])),
    holds: Type.Array(Hold, { maxItems: 16 }),
  },
  { title: 'PayeeFile' },
);
const PostalAddress = Type.Object(
  {
    country: Type.String(),
    townName: Type.String(),
    postCode: Type.Optional(Type.String()),
    streetName: Type.Optional(Type.String()),
    buildingNumber: Type.Optional(Type.String()),
    lines: Type.Optional(Type.Array(Type.String())),
  },
  { title: 'PostalAddress' },
);
const Destination = Type.Object(
  {
    name: Type.String(),
    account: Type.Union([
      Type.Object({ kind: Type.Literal('iban'), iban: Type.String(), bic: Type.Optional(Type.String()) }),
      Type.Object({
        kind: Type.Literal('us'),
        routingNumber: Type.String(),
        accountNumber: Type.String(),
        type: Type.Enum(['checking', 'savings']),
      }),
      Type.Object({ kind: Type.Literal('stripe'), accountId: Type.String() }),
    ]),
    address: Type.Optional(PostalAddress),
  },
  { title: 'Destination' },
);
const TaxForm = Type.Object(
  {
    form: Type.Enum(['W-9', 'W-8BEN', 'W-8BEN-E', 'DAC7']),
    country: Type.String(),
    taxId: Type.String(),
    signedOn: Type.String(),
  },
  { title: 'TaxForm' },
);
const PersonalData = Type.Object(
  {
    legalName: orNull(Type.String()),
    email: orNull(Type.String()),
    birthDate: orNull(Type.String()),
    address: orNull(PostalAddress),
    destination: orNull(Destination),
    tax: orNull(TaxForm),
  },
  { title: 'PersonalData' },
);
export const PayeeExport = Type.Object({ file: PayeeFile, personal: PersonalData }, { title: 'PayeeExport' });
const PayoutTotal = Type.Object(
  {
    state: Type.Enum(['refused', 'reserving', 'settled', 'submitted', 'reserved', 'unknown', 'returned']),
    rail: Type.String(),
    payouts: Type.Number(),
    usdCents: Whole,
  },
  { title: 'PayoutTotal' },
);
const PayoutView = Type.Object(
  {
    id: Type.String(),
    payee: Type.String(),
    rail: Type.String(),
    usdCents: Whole,
    withheldCents: Whole,
    feeCents: Whole,
    amountCents: Whole,
    state: Type.Enum(['refused', 'reserving', 'settled', 'submitted', 'reserved', 'unknown', 'returned']),
    batchId: orNull(Type.String()),
    reason: orNull(Type.String()),
    attempts: Type.Number(),
    requestedAtUs: Whole,
    settledAtUs: orNull(Whole),
  },
  { title: 'PayoutView' },
);
const PlannedBatch = Type.Object(
  {
    rail: Type.String(),
    currency: Type.String(),
    payees: Type.Number(),
    grossCents: Whole,
    withheldCents: Whole,
    feeCents: Whole,
    amountCents: Whole,
  },
  { title: 'PlannedBatch' },
);
const PayoutQuote = Type.Object(
  { grossCents: Whole, withheldCents: Whole, feeCents: Whole, netCents: Whole },
  { title: 'PayoutQuote' },
);
const PlannedPayout = Type.Object(
  {
    payee: Type.String(),
    payableCents: Whole,
    rail: orNull(Type.Enum(['pain.001', 'nacha', 'stripe'])),
    quote: orNull(PayoutQuote),
    amountCents: orNull(Whole),
    held: orNull(Type.Object({ code: Type.String(), reason: Type.String() })),
  },
  { title: 'PlannedPayout' },
);
const PayoutPlan = Type.Object(
  { batches: Type.Array(PlannedBatch), payouts: Type.Array(PlannedPayout), reserved: Type.Array(PayoutView) },
  { title: 'PayoutPlan' },
);
const SentBatch = Type.Object(
  {
    rail: Type.Enum(['pain.001', 'nacha', 'stripe']),
    batchId: Type.String(),
    payouts: Type.Number(),
    totalCents: Whole,
    currency: Type.Enum(['USD', 'EUR']),
    file: orNull(Type.String()),
  },
  { title: 'SentBatch' },
);
const WaitingPayout = Type.Object(
  { id: Type.String(), payee: Type.String(), reason: Type.String() },
  { title: 'WaitingPayout' },
);
const SentPayouts = Type.Object(
  {
    requested: Type.Number(),
    refused: Type.Array(Type.Object({ payee: Type.String(), code: Type.String(), reason: Type.String() })),
    batches: Type.Array(SentBatch),
    waiting: Type.Array(WaitingPayout),
    held: Type.Array(PlannedPayout),
  },
  { title: 'SentPayouts' },
);
const BankFile = Type.Object({ name: Type.String(), text: Type.String() }, { title: 'BankFile' });
const RailReport = Type.Object(
  {
    payoutId: Type.String(),
    outcome: Type.Enum(['rejected', 'accepted', 'settled', 'returned', 'never-seen']),
    reason: orNull(Type.String()),
    amount: Type.Optional(Type.Object({ cents: Whole, currency: Type.String() })),
  },
  { title: 'RailReport' },
);
const OddReport = Type.Object(
  {
    id: Type.String(),
    code: Type.Enum([
      'payout-event-unexpected',
      'payout-malformed',
      'payout-key-reused',
      'rail-unavailable',
      'not-enough-cash',
      'daily-limit',
      'amount-differs',
      'unknown-payout',
    ]),
  },
  { title: 'OddReport' },
);
const BankChange = Type.Object(
  { payee: Type.String(), code: Type.String(), meaning: Type.String() },
  { title: 'BankChange' },
);

export const PAYOUTS_CONTRACTS = {
  'GET /api/payees': {
    summary: 'Checks and holds of all payees, by name; no personal data',
    letsIn: 'operator',
    query: PageQuery,
    answer: pageOf('payees', PayeeView),
  },
  'GET /api/payees/:payee': {
    summary: 'Checks and holds of a payee; no personal data',
    letsIn: 'operator',
    answer: PayeeView,
    codes: ['payee-malformed'],
  },
  'POST /api/payees/:payee': {
    summary: "Takes in a payee's personal data, sealed",
    letsIn: 'operator',
    answer: PayeeView,
    codes: [...PAYEE_CODES],
  },
  'POST /api/payees/:payee/checks': {
    summary: 'Judges a check of a payee',
    letsIn: 'operator',
    answer: PayeeView,
    codes: [...PAYEE_CODES],
  },
  'POST /api/payees/:payee/holds': {
    summary: "Holds a payee's payouts",
    letsIn: 'operator',
    answer: PayeeView,
    codes: [...PAYEE_CODES],
  },
  'POST /api/payees/:payee/releases': {
    summary: 'Lifts a hold',
    letsIn: 'operator',
    answer: PayeeView,
    codes: [...PAYEE_CODES],
  },
  'POST /api/payees/:payee/export': {
    summary: 'All that is kept about a payee',
    letsIn: 'operator',
    onlyLooks: true,
    answer: PayeeExport,
    codes: ['payee-malformed'],
  },
  'POST /api/payees/:payee/erase': {
    summary: "Erases a payee's personal data",
    letsIn: 'operator',
    answer: PayeeView,
    codes: [...PAYEE_CODES],
  },
  'GET /api/payouts': {
    summary: 'Payouts with their states and totals',
    letsIn: 'readers',
    answer: Type.Object({
      // One for each state of each of the three rails.
      totals: Type.Array(PayoutTotal, { maxItems: 21 }),
      payouts: Type.Array(PayoutView),
      next: Next,
    }),
    codes: ['cursor-malformed', ...RAILS_CODES],
  },
  'GET /api/payouts/plan': {
    summary: 'What sending would send, with totals',
    letsIn: 'readers',
    answer: PayoutPlan,
    codes: [...RAILS_CODES],
  },
  'POST /api/payouts/send': {
    summary: 'Debits and sends what is due',
    letsIn: 'operator',
    answer: SentPayouts,
    codes: [...RAILS_CODES],
  },
  'POST /api/payouts/batches/:batch/file': {
    summary: "A batch's file for the bank, which names people and accounts: who took it is on the trail",
    letsIn: 'operator',
    onlyLooks: true,
    answer: BankFile,
    codes: ['batch-unknown', ...RAILS_CODES],
  },
  'POST /api/payouts/ask': {
    summary: 'Asks the rails about everything open; sends nothing',
    letsIn: 'operator',
    answer: Type.Object({ totals: Type.Array(PayoutTotal) }),
    codes: [...RAILS_CODES],
  },
  'POST /api/payouts/answers': {
    summary: "Reads a bank's answer file",
    letsIn: 'operator',
    answer: Type.Object({
      kind: Type.String(),
      applied: Type.Array(RailReport),
      odd: Type.Array(OddReport),
      changes: Type.Array(BankChange),
    }),
    codes: [...RAILS_CODES, ...BANK_CODES],
  },
  'POST /api/webhooks/stripe-connect': {
    summary: 'Stripe tells of payouts; its secret signs',
    letsIn: 'open',
    answer: Type.Object({ payouts: Type.Array(Type.String()), odd: Type.Array(OddReport) }),
    codes: ['webhook-not-set-up', 'event-signature', 'event-malformed', ...RAILS_CODES],
  },
} as const satisfies Contracts;
