import { greater, lesser } from '../money/amounts.ts';
import type { Policy } from '../policy/policy.ts';
import { DAY_US, END_OF_TIME_US } from '../records/calendar.ts';

/** What an epoch paid somebody whose key was not verified. */
export interface EscrowedPayment {
  readonly microJam: bigint;
  readonly cents: bigint;
  /** UTC µs from which it is no longer held; `null`: it waits for ever. */
  readonly expiresAtUs: bigint | null;
}

/** Units and cash in the two escrow accounts of one payee. */
export interface EscrowAmounts {
  readonly microJam: bigint;
  readonly cents: bigint;
}

/** By the policy that governed the epoch: what was promised then holds. */
export function escrowExpiresAtUs(policy: Pick<Policy, 'unclaimed'>, epochEndUs: bigint): bigint | null {
  if (policy.unclaimed === undefined || epochEndUs === END_OF_TIME_US) return null;
  return epochEndUs + BigInt(policy.unclaimed.expiryDays) * DAY_US;
}

/**
 * What of the balances has expired at `nowUs`: never more than the expired payments brought, and never what a younger one
 * brought. What was taken since (a reward charged back) came out of the oldest. When everything has expired the whole
 * balance goes, so that nothing a conversion brought stays behind.
 */
export function expiredEscrow(
  payments: readonly EscrowedPayment[],
  balance: EscrowAmounts,
  nowUs: bigint,
): EscrowAmounts {
  const isOver = ({ expiresAtUs }: EscrowedPayment): boolean => expiresAtUs !== null && expiresAtUs <= nowUs;
  const over = payments.filter(isOver);
  if (over.length === 0) return { microJam: 0n, cents: 0n };
  if (over.length === payments.length) return balance;
  const young = payments.filter((payment) => !isOver(payment));
  const expired = (asset: keyof EscrowAmounts): bigint =>
    lesser(sumOf(over, asset), greater(balance[asset] - sumOf(young, asset), 0n));
  return { microJam: expired('microJam'), cents: expired('cents') };
}

function sumOf(payments: readonly EscrowedPayment[], asset: keyof EscrowAmounts): bigint {
  return payments.reduce((sum, payment) => sum + payment[asset], 0n);
}
