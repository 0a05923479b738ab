import { Type } from 'typebox';
import { CLOSE_CODES, POLICY_CODES, RECEIPT_CODES, WEBHOOK_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { orNull, PlacedOrder, RefundedOrder, UnitPrice, Valuation, Whole } from './shapes.ts';

const epochInfo = {
  id: Type.String(),
  state: Type.Enum(['open', 'closed', 'settling']),
  policySha256: Type.String(),
  startUs: Whole,
  endUs: Whole,
};
const EpochInfo = Type.Object(epochInfo, { title: 'EpochInfo' });
const UnclosedEpoch = Type.Object(
  {
    ...epochInfo,
    unfiledCode: Type.Array(Type.String()),
    closing: orNull(Type.Object({ done: Type.Array(Type.String()), sinceUs: Whole })),
  },
  { title: 'UnclosedEpoch' },
);
const EpochPreview = Type.Object(
  {
    epochId: Type.String(),
    revenueCents: Whole,
    contributorShareCents: Whole,
    issuedMicroJam: Whole,
    cashCents: Whole,
    payments: Type.Array(Type.Object({ payee: Type.String(), microJam: Whole, cents: Whole })),
  },
  { title: 'EpochPreview' },
);
const ClosedEpoch = Type.Object(
  {
    epochId: Type.String(),
    statementSha256: Type.String(),
    revenueCents: Whole,
    contributorShareCents: Whole,
    issuedMicroJam: Whole,
    cashCents: Whole,
    contributors: Type.Number(),
  },
  { title: 'ClosedEpoch' },
);
const Added = Type.Object({ added: Type.Number(), repeated: Type.Number() }, { title: 'Added' });
const ExchangeRate = Type.Object(
  {
    currency: Type.Enum([
      'USD',
      'EUR',
      'GBP',
      'CHF',
      'AUD',
      'BRL',
      'CAD',
      'CZK',
      'DKK',
      'HKD',
      'INR',
      'JPY',
      'KRW',
      'MXN',
      'NOK',
      'NZD',
      'PLN',
      'SEK',
      'SGD',
      'ZAR',
    ]),
    usdPerUnit: Type.Object({ numerator: Whole, denominator: Whole }),
    dayUs: Whole,
    documentSha256: Type.String(),
  },
  { title: 'ExchangeRate' },
);
const Seat = Type.Object(
  { tenant: Type.String(), principal: Type.String(), sinceUs: Whole, untilUs: orNull(Whole) },
  { title: 'Seat' },
);
const LiquidityView = Type.Object(
  {
    state: Type.Enum(['announced', 'converting', 'converted']),
    announcedAtUs: Whole,
    convertsFromUs: Whole,
    convertedMicroJam: Whole,
    paidCents: Whole,
    id: Type.String(),
    kind: Type.Enum(['sale', 'listing']),
    price: UnitPrice,
    datedAtUs: Whole,
    approvedBy: Type.String(),
    documentSha256: Type.String(),
  },
  { title: 'LiquidityView' },
);
const Handled = Type.Object(
  {
    outcome: Type.Enum(['booked', 'repeated', 'ignored']),
    detail: Type.String(),
    order: orNull(Type.Union([PlacedOrder, RefundedOrder])),
  },
  { title: 'Handled' },
);

export const ECONOMY_CONTRACTS = {
  'POST /api/policies': {
    summary: 'Publishes a policy; it governs from the next epoch',
    letsIn: 'operator',
    answer: Type.Object({ sha256: Type.String(), publishedAtUs: Whole, governsFrom: Type.String() }),
    codes: [...POLICY_CODES],
  },
  'POST /api/epochs': {
    summary: 'Opens the epoch that the policy in force governs',
    letsIn: 'operator',
    answer: EpochInfo,
    codes: [
      'no-policy',
      'another-process-leads',
      'previous-epoch-open',
      'policy-after-epoch-began',
      'pool-below-authorised',
      'top-up-needs-notice',
      'top-up-needs-valuation',
    ],
  },
  'GET /api/epochs': {
    summary: 'Epochs that are not closed: what each still lacks, and how far its close is',
    letsIn: 'readers',
    query: PageQuery,
    answer: pageOf('epochs', UnclosedEpoch),
    codes: ['cursor-malformed', 'repositories-malformed'],
  },
  'GET /api/epochs/:epoch/preview': {
    summary: 'What closing an epoch would pay',
    letsIn: 'readers',
    answer: EpochPreview,
    codes: ['epoch-closed', 'unknown-epoch', ...CLOSE_CODES],
  },
  'POST /api/epochs/:epoch/close': {
    summary: 'Closes an epoch and pays it, once',
    letsIn: 'operator',
    answer: ClosedEpoch,
    codes: ['code-not-filed', 'unknown-epoch', ...CLOSE_CODES, 'repositories-malformed'],
  },
  'POST /api/receipts': {
    summary: 'Books revenue; the same receipt again counts once',
    letsIn: 'operator',
    answer: Added,
    codes: [...RECEIPT_CODES],
  },
  'GET /api/rates': {
    summary: 'Exchange rates',
    letsIn: 'readers',
    answer: Type.Array(ExchangeRate, { maxItems: 1_000 }),
  },
  'POST /api/rates': {
    summary: 'Adds an exchange rate with its document',
    letsIn: 'operator',
    answer: Added,
    codes: [
      'rate-malformed',
      'rate-differs',
      'in-the-future',
      'too-many-records',
      'no-policy',
      'currency-not-accepted',
      'another-process-leads',
    ],
  },
  'GET /api/valuations': {
    summary: 'Valuations of the studio',
    letsIn: 'readers',
    answer: Type.Array(Valuation, { maxItems: 1_000 }),
  },
  'POST /api/valuations': {
    summary: 'Adds a valuation that the board approved',
    letsIn: 'operator',
    answer: Added,
    codes: [
      'valuation-malformed',
      'valuation-differs',
      'in-the-future',
      'too-many-records',
      'top-up-needs-notice',
      'top-up-needs-valuation',
      'another-process-leads',
    ],
  },
  'GET /api/tenants/:tenant/seats': {
    summary: 'Seats of a tenant',
    letsIn: 'readers',
    answer: Type.Array(Seat, { maxItems: 10_000 }),
  },
  'POST /api/seats': {
    summary: 'Gives a principal a seat',
    letsIn: 'operator',
    answer: Added,
    codes: ['seat-malformed', 'seat-taken', 'too-many-seats', 'another-process-leads'],
  },
  'POST /api/seats/end': {
    summary: 'Ends a seat',
    letsIn: 'operator',
    answer: Seat,
    codes: ['seat-malformed', 'unknown-seat', 'another-process-leads'],
  },
  'POST /api/liquidity': {
    summary: 'Announces a sale or listing',
    letsIn: 'operator',
    answer: LiquidityView,
    codes: [
      'liquidity-malformed',
      'liquidity-not-in-plan',
      'liquidity-differs',
      'no-policy',
      'in-the-future',
      'another-process-leads',
    ],
  },
  'POST /api/liquidity/convert': {
    summary: 'Converts units at an announced sale or listing',
    letsIn: 'operator',
    answer: LiquidityView,
    codes: [
      'unknown-liquidity-event',
      'liquidity-not-yet',
      'liquidity-malformed',
      'another-process-leads',
      'epoch-settling',
    ],
  },
  'POST /api/webhooks/stripe': {
    summary: 'Stripe tells of a payment; its secret signs',
    letsIn: 'open',
    answer: Handled,
    codes: [...WEBHOOK_CODES, ...RECEIPT_CODES],
  },
  'POST /api/webhooks/orders': {
    summary: 'A shop tells of an order; its secret signs',
    letsIn: 'open',
    answer: Handled,
    codes: [...WEBHOOK_CODES, ...RECEIPT_CODES],
  },
} as const satisfies Contracts;
