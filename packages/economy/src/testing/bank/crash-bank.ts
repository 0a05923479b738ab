import type { Destination } from '../../rails/payment.ts';
import type { Rail, RailReport } from '../../rails/rail.ts';
import type { Payouts } from '../../store/payouts/payouts.ts';

/** A rail that breaks by chance, with what it really did: the crash test compares the books with it. */
export interface CrashBank {
  readonly rail: Rail;
  /** From here on nothing breaks and nobody is killed. */
  calm: boolean;
  /** A day at the bank: some payments settle, some come back, some of these after they had settled. */
  day(): void;
  /** Delivers what it says by itself: some of it, shuffled, some twice. */
  tell(payouts: Payouts, nowUs: bigint): Promise<unknown>;
  /** How often a payout was taken in, and what became of it. */
  held(payoutId: string): { readonly times: number; readonly outcome: RailReport['outcome'] };
  /** The account of the n-th payee. */
  accountOf(n: number): Destination;
}
