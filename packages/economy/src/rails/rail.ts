import type { PaymentBatch } from './payment.ts';
import type { RailOutcome } from './payout-state.ts';

/** What a rail says of one payout. */
export interface RailReport {
  readonly payoutId: string;
  readonly outcome: RailOutcome;
  readonly reason: string | null;
}

/**
 * A way for money to leave: a bank file, a payment service. Whatever it is, it keeps these promises, which the contract
 * suite checks: a payout id is paid at most once however often it is submitted; {@link ask} answers for every id, and
 * `never-seen` only of ids that what was sent so far can no longer pay.
 */
export interface Rail {
  readonly name: string;
  readonly currency: 'EUR' | 'USD';
  /** Payments of one batch. */
  readonly ordersMax: number;
  /** Fulfilled when the rail holds the batch for good. Rejected says nothing: it may or may not hold it. */
  submit(batch: PaymentBatch): Promise<void>;
  /** One report for each id, in that order. */
  ask(payoutIds: readonly string[]): Promise<readonly RailReport[]>;
}
