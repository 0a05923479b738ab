import type { Result } from '@jamnet/base';
import type { RailName } from '../core/payouts/payout-rules.ts';
import type { Destination, PaymentBatch } from './payment.ts';
import type { RailOutcome } from './payout-state.ts';

/** What a rail says of one payout. */
export interface RailReport {
  readonly payoutId: string;
  readonly outcome: RailOutcome;
  readonly reason: string | null;
  /** What was moved, where the rail says it: another amount is another payment. */
  readonly amount?: { readonly cents: bigint; readonly currency: string };
}

/**
 * A way for money to leave: a bank file, a payment service. Whatever it is, it keeps these promises, which the contract
 * suite checks: a payout id is paid at most once however often it is submitted; {@link ask} answers for every id, and
 * `never-seen` only of ids that what was sent so far can no longer pay.
 */
export interface Rail {
  readonly name: RailName;
  readonly currency: 'EUR' | 'USD';
  /** Payments of one batch. */
  readonly ordersMax: number;
  /** How long after settling a payment is still asked about, µs: some come back after they were called paid. */
  readonly asksAgainUs: bigint;
  /** Whether this rail can pay there now, so that one payee it cannot pay does not stop a batch. */
  mayPay(to: Destination, amountCents: bigint): Promise<Result<null, string>>;
  /**
   * Hands a batch over and answers what the rail said at once; of an order without a report nobody knows. Rejected says
   * nothing of any: the rail may or may not hold the batch.
   */
  submit(batch: PaymentBatch): Promise<readonly RailReport[]>;
  /** One report for each id, in that order. */
  ask(payoutIds: readonly string[], nowUs: bigint): Promise<readonly RailReport[]>;
  /** Where a person finds a batch that was handed over: the file to carry to the bank. */
  placeOf?(batchId: string): string;
}
