import Stripe from 'stripe';

/** Refusals of Stripe that pass by themselves or by topping up the balance: the payout waits, nothing is given back. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'balance_insufficient',
  'idempotency_key_in_use',
  'lock_timeout',
  'rate_limit',
]);

/** Code by which Stripe refused for good (the money was not moved and this request will not move it), else `null`. */
export function decidedCode(error: unknown): string | null {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return null;
  const code = error.code ?? 'invalid_request';
  return PASSING_CODES.has(code) || error.statusCode === 409 ? null : code;
}

/** What a person reads beside a payout that waits. */
export function reasonOf(error: unknown): string {
  if (error instanceof Stripe.errors.StripeError) return error.code ?? error.type;
  return 'stripe-unreachable';
}
