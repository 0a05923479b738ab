import { Type } from 'typebox';
import { PAYEE_CODES, RAILS_CODES } from './codes.ts';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { PayeeExport } from './payouts.ts';
import { orNull, RedemptionView, Whole } from './shapes.ts';

const OwnRedemptions = Type.Object(
  {
    redemptions: Type.Array(RedemptionView, { maxItems: 1_000 }),
    /** What is asked for now is priced by the first valuation dated after this moment; null where there are no rules yet. */
    cutoffUs: orNull(Whole),
    /** Redeemed or owed in money and not yet on its way. */
    payableCents: Whole,
  },
  { title: 'OwnRedemptions' },
);
const OwnPayee = Type.Object(
  {
    checks: Type.Array(
      Type.Object({
        check: Type.Enum(['identity', 'taxForm', 'sanctions', 'bank']),
        state: Type.Enum(['verified', 'rejected', 'missing', 'submitted']),
        atUs: Whole,
      }),
      { maxItems: 4 },
    ),
    holds: Type.Array(Type.Object({ reason: Type.String(), sinceUs: Whole }), { maxItems: 16 }),
    code: orNull(Type.String()),
    restsUntilUs: orNull(Whole),
    account: orNull(
      Type.Object({
        kind: Type.Enum(['iban', 'us', 'stripe']),
        name: Type.String(),
        ending: Type.String(),
      }),
    ),
  },
  { title: 'OwnPayee' },
);
const OwnPayout = Type.Object(
  {
    id: Type.String(),
    rail: Type.String(),
    usdCents: Whole,
    withheldCents: Whole,
    feeCents: Whole,
    state: Type.Enum(['refused', 'reserving', 'settled', 'submitted', 'reserved', 'unknown', 'returned']),
    reason: orNull(Type.String()),
    requestedAtUs: Whole,
    settledAtUs: orNull(Whole),
  },
  { title: 'OwnPayout' },
);

/** A member's own way from units to money, as API tokens may read and use it. */
export const OWN_REDEMPTION_CONTRACTS = {
  'GET /api/account/redemptions': {
    summary:
      "One's own redemptions, which of them may still be taken back, and until when the next one gathers",
    letsIn: 'members',
    answer: OwnRedemptions,
  },
  'POST /api/account/redemptions/:id/cancel': {
    summary: "Takes an open redemption of one's own back",
    letsIn: 'members',
    answer: RedemptionView,
    codes: ['unknown-redemption', 'cut-off-passed', 'redemption-state', 'payee-malformed'],
  },
  'GET /api/account/payouts': {
    summary: "Payments of one's own and their states, the newest first",
    letsIn: 'members',
    query: PageQuery,
    answer: pageOf('payouts', OwnPayout),
    codes: ['cursor-malformed', ...RAILS_CODES],
  },
} as const satisfies Contracts;

/** In the area of accounts: who holds an API token must not be able to lead payments elsewhere, nor read who somebody is. */
export const OWN_PAYEE_CONTRACTS = {
  'GET /api/account/payee': {
    summary:
      "How far the checks of one's own payee data are, and what is in the way of payments; of the account its end only",
    letsIn: 'members',
    answer: OwnPayee,
  },
  'POST /api/account/payee': {
    summary:
      "Hands in one's own bank details, tax form and name, sealed, soon after signing in; what is not given stays",
    letsIn: 'members',
    answer: OwnPayee,
    codes: ['sign-in-too-old', ...PAYEE_CODES],
  },
  'POST /api/account/payee/export': {
    summary: 'All that is kept about oneself as a payee, soon after signing in',
    letsIn: 'members',
    onlyLooks: true,
    answer: PayeeExport,
    codes: ['sign-in-too-old', 'payee-malformed'],
  },
} as const satisfies Contracts;
