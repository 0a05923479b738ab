import { asPage, LINES_PER_PAGE, wallet, walletLines } from '../api/endpoints.ts';
import { fetchRoute, sendRoute } from '../api/fetch-route.ts';
import { amount, flag, list, oneOf, orNull, record, text } from '../api/shape.ts';

const REDEMPTION_STATUSES = [
  'waiting-for-price',
  'suspended',
  'partly-paid',
  'paid',
  'cancelled',
  'refused',
] as const;

/** A wish for money; amounts are decimal, moments UTC µs. */
export interface OwnRedemption {
  readonly id: string;
  readonly status: (typeof REDEMPTION_STATUSES)[number];
  readonly askedMicroJam: string;
  readonly paidMicroJam: string;
  readonly paidCents: string;
  readonly requestedAtUs: string;
  readonly cutoffUs: string;
  readonly mayCancel: boolean;
}

export interface OwnRedemptions {
  readonly redemptions: readonly OwnRedemption[];
  /** What is asked for now is priced by the first valuation dated after it; null without rules. */
  readonly cutoffUs: string | null;
  readonly payableCents: string;
}

const CHECKS = ['identity', 'taxForm', 'bank', 'sanctions'] as const;
export const ACCOUNT_KINDS = ['iban', 'us', 'stripe'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

export interface OwnPayee {
  readonly checks: readonly {
    readonly check: (typeof CHECKS)[number];
    readonly state: 'missing' | 'submitted' | 'verified' | 'rejected';
    readonly atUs: string;
  }[];
  readonly holds: readonly { readonly reason: string; readonly sinceUs: string }[];
  /** The first thing in the way of a payment. */
  readonly code: string | null;
  readonly restsUntilUs: string | null;
  readonly account: { readonly kind: AccountKind; readonly name: string; readonly ending: string } | null;
}

const PAYOUT_STATES = [
  'reserving',
  'reserved',
  'submitted',
  'unknown',
  'settled',
  'returned',
  'refused',
] as const;

export interface OwnPayout {
  readonly id: string;
  readonly usdCents: string;
  readonly withheldCents: string;
  readonly feeCents: string;
  readonly state: (typeof PAYOUT_STATES)[number];
  readonly reason: string | null;
  readonly requestedAtUs: string;
  readonly settledAtUs: string | null;
}

/** What a member hands in; what is left out stays as it was. */
export interface PayeeDocument {
  readonly legalName?: string;
  readonly email?: string;
  readonly birthDate?: string;
  readonly address?: object;
  readonly destination?: object;
  readonly tax?: object;
}

export interface PricePoint {
  readonly id: string;
  readonly datedAtUs: string;
  /** Dollars of a JAM in ten thousandths. */
  readonly priceTenThousandths: string;
}

const redemption = record<OwnRedemption>({
  id: text,
  status: oneOf(...REDEMPTION_STATUSES),
  askedMicroJam: amount,
  paidMicroJam: amount,
  paidCents: amount,
  requestedAtUs: amount,
  cutoffUs: amount,
  mayCancel: flag,
});
const redemptions = record<OwnRedemptions>({
  redemptions: list(redemption),
  cutoffUs: orNull(amount),
  payableCents: amount,
});
const payee = record<OwnPayee>({
  checks: list(
    record<OwnPayee['checks'][number]>({
      check: oneOf(...CHECKS),
      state: oneOf('missing', 'submitted', 'verified', 'rejected'),
      atUs: amount,
    }),
  ),
  holds: list(record<OwnPayee['holds'][number]>({ reason: text, sinceUs: amount })),
  code: orNull(text),
  restsUntilUs: orNull(amount),
  account: orNull(
    record<NonNullable<OwnPayee['account']>>({ kind: oneOf(...ACCOUNT_KINDS), name: text, ending: text }),
  ),
});
const payout = record<OwnPayout>({
  id: text,
  usdCents: amount,
  withheldCents: amount,
  feeCents: amount,
  state: oneOf(...PAYOUT_STATES),
  reason: orNull(text),
  requestedAtUs: amount,
  settledAtUs: orNull(amount),
});
const pricePoint = record<PricePoint>({ id: text, datedAtUs: amount, priceTenThousandths: amount });
/** Everything of it goes into a file for its owner. */
const asIs = (value: unknown): unknown => value;

export const money = {
  wallet: () => fetchRoute('GET /api/account/wallet', wallet),
  lines: async (after: string | null) => {
    const query = { limit: LINES_PER_PAGE, ...(after === null ? {} : { after }) };
    return asPage(await fetchRoute('GET /api/account/wallet/lines', walletLines, { query }));
  },
  /** A repeat with the same key asks for nothing more. */
  redeem: (amountMicroJam: bigint, key: string) =>
    sendRoute('POST /api/account/redemptions', redemption, {
      amountMicroJam: amountMicroJam.toString(),
      key,
    }),
  redemptions: () => fetchRoute('GET /api/account/redemptions', redemptions),
  cancel: (id: string) =>
    sendRoute('POST /api/account/redemptions/:id/cancel', redemption, {}, { params: { id } }),
  payee: () => fetchRoute('GET /api/account/payee', payee),
  handIn: (document: PayeeDocument) => sendRoute('POST /api/account/payee', payee, document),
  exportPayee: () => sendRoute('POST /api/account/payee/export', asIs, {}),
  /** The newest first; more than a page of one's own payments is for the statements. */
  payouts: () =>
    fetchRoute(
      'GET /api/account/payouts',
      record<{ payouts: readonly OwnPayout[] }>({ payouts: list(payout) }),
      {
        query: { limit: 50 },
      },
    ),
  prices: () =>
    fetchRoute(
      'GET /api/reports/price',
      record<{ points: readonly PricePoint[] }>({ points: list(pricePoint) }),
    ),
};
