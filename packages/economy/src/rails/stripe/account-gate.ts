import { ok, type Result, refuse } from '@jamnet/base';
import type Stripe from 'stripe';

export type StripeAccountCode =
  | 'stripe-account-restricted'
  | 'stripe-account-incomplete'
  | 'stripe-account-schedule'
  | 'stripe-account-currency';

/**
 * Whether a connected account can take a payout now: Stripe's own gate, read before every batch. Payouts are made one for
 * one, so the account's schedule must be manual, and in its own currency, so that nothing is converted on the way.
 */
export function accountMayBePaid(account: Stripe.Account, currency: string): Result<null, StripeAccountCode> {
  const disabled = account.requirements?.disabled_reason ?? null;
  if (disabled !== null)
    return refuse('stripe-account-restricted', `Stripe has restricted the account: ${disabled}.`);
  const due = [...(account.requirements?.past_due ?? []), ...(account.requirements?.currently_due ?? [])];
  if (!account.payouts_enabled || account.capabilities?.transfers !== 'active') {
    const missing = [...new Set(due)].slice(0, 5).join(', ') || 'its capabilities are not active';
    return refuse('stripe-account-incomplete', `The Stripe account cannot be paid out yet: ${missing}.`);
  }
  if (account.settings?.payouts?.schedule.interval !== 'manual')
    return refuse('stripe-account-schedule', 'The Stripe account must have a manual payout schedule.');
  if (account.default_currency?.toUpperCase() !== currency)
    return refuse('stripe-account-currency', `The Stripe account does not hold ${currency}.`);
  return ok(null);
}
