import type { Result } from '@jamnet/base';
import type { RailName } from '../../core/payouts/payout-rules.ts';
import type { Receipt } from '../../core/records/records.ts';
import type { BankAnswer } from '../../rails/answers.ts';
import type { Destination } from '../../rails/payment.ts';
import type { PayoutState, PayoutStateCode } from '../../rails/payout-state.ts';
import type { Rail, RailReport } from '../../rails/rail.ts';
import type { RowsAfter } from '../row-place.ts';

export type PayoutCode =
  | PayoutStateCode
  | 'payout-malformed'
  | 'payout-key-reused'
  | 'rail-unavailable'
  | 'not-enough-cash'
  | 'daily-limit'
  | 'amount-differs'
  | 'unknown-payout';

export interface PayoutRequest {
  readonly payee: string;
  /** Gross, out of what is payable to the payee. */
  readonly usdCents: bigint;
  /** The caller's idempotency key: the same key pays once. */
  readonly key: string;
  readonly rail: RailName;
  /** Tax kept back, US cents. */
  readonly withheldCents?: bigint;
  /** Conversion fee, US cents. */
  readonly feeCents?: bigint;
  /** The policy that says so. */
  readonly policySha256?: string;
  /** The most a payee may ask for within 24 hours; what was refused or came back does not count. */
  readonly dailyUsdCentsMax?: bigint;
}

/** Which payouts are looked at; without a page the newest thousand. */
export interface PayoutFilter {
  readonly payee?: string;
  readonly state?: PayoutState;
  readonly page?: RowsAfter;
}

export interface PayoutView {
  readonly id: string;
  readonly payee: string;
  readonly rail: string;
  readonly usdCents: bigint;
  readonly withheldCents: bigint;
  readonly feeCents: bigint;
  /** What is sent, in the rail's currency. */
  readonly amountCents: bigint;
  readonly state: PayoutState;
  readonly batchId: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly requestedAtUs: bigint;
  /** When the rail first said that it was paid, UTC µs; null before. */
  readonly settledAtUs: bigint | null;
}

/** One way out as a studio has set it up. */
export interface RailSetup {
  readonly rail: Rail;
  /** The studio's own account. */
  readonly from: Destination;
  /** Units of the rail's currency for one dollar; 1/1 for USD. Posted by the studio and kept with each payout. */
  readonly rate: { readonly numerator: bigint; readonly denominator: bigint };
}

export interface PayoutOptions {
  readonly rails: readonly RailSetup[];
  /** Where a payee's money goes, or why not now (identity, tax form, sanctions, hold): then it waits, reserved. */
  readonly destinationOf: (
    payee: string,
    nowUs: bigint,
    payout: { readonly taxWithheld: boolean },
  ) => Promise<Result<Destination, string>>;
  /** Takes conversion fees into the books as revenue, once for an id; needed where there are fees. */
  readonly addReceipt?: (nowUs: bigint, receipt: Receipt) => Promise<Result<unknown>>;
  /** Called before every write and every word with the rail: the crash tests stop there. */
  readonly onStep?: (step: string) => void;
}

/** A batch that was handed over. */
export interface SentBatch {
  readonly rail: RailName;
  readonly batchId: string;
  readonly payouts: number;
  /** In the rail's currency. */
  readonly totalCents: bigint;
  readonly currency: 'EUR' | 'USD';
  /** The file to carry to the bank; `null` where the rail takes batches itself. */
  readonly file: string | null;
}

/** A payout that stays reserved, and why. */
export interface WaitingPayout {
  readonly id: string;
  readonly payee: string;
  readonly reason: string;
}

export interface PayoutRun {
  readonly batches: readonly SentBatch[];
  readonly waiting: readonly WaitingPayout[];
}

export interface OddReport {
  /** The payout's id, or what the answer calls it. */
  readonly id: string;
  readonly code: PayoutCode;
}

/** What became of an answer. */
export interface AppliedAnswer {
  readonly applied: readonly RailReport[];
  /** Names that fit no payout, states that cannot take them, other amounts: a person must look. */
  readonly odd: readonly OddReport[];
  /** Payees whose bank says that their details are others now. */
  readonly changes: readonly { readonly payee: string; readonly code: string; readonly meaning: string }[];
}

/** Payouts: the one way for cash to leave. */
export interface Payouts {
  /** Debits once by the payout's id. */
  request(nowUs: bigint, request: PayoutRequest): Promise<Result<PayoutView, PayoutCode>>;
  /** The same for many, with far fewer waits for the disk; one answer each, in order. */
  requestAll(
    nowUs: bigint,
    requests: readonly PayoutRequest[],
  ): Promise<readonly Result<PayoutView, PayoutCode>[]>;
  /** Finishes what a stop interrupted, asks the rails about what is open, then hands over what is reserved and may go. */
  run(nowUs: bigint): Promise<PayoutRun>;
  /** As {@link run}, without handing anything over. */
  ask(nowUs: bigint): Promise<void>;
  /** What a rail says by itself; twice, late and out of order is fine. Answers what fits no payout or no state. */
  report(nowUs: bigint, reports: readonly RailReport[]): Promise<readonly OddReport[]>;
  /** A hint that something happened to these payouts: their rails are asked, whatever state they are in. */
  hint(nowUs: bigint, payoutIds: readonly string[]): Promise<readonly OddReport[]>;
  /** A bank's answer; again is fine. */
  answer(nowUs: bigint, answer: BankAnswer): Promise<AppliedAnswer>;
  /** Whether a payment may still reach the bank under the payee's details. */
  isUnderWay(payee: string): Promise<boolean>;
  /**
   * Does `work` as one step with the question whether a payment is under way: none begins here, and nothing is handed over
   * anywhere, until it has ended.
   */
  whileStill<T>(payee: string, work: (isUnderWay: boolean) => Promise<T>): Promise<T>;
  payout(id: string): Promise<PayoutView | null>;
  /** Newest first, at most 1,000. */
  payouts(filter?: PayoutFilter): Promise<readonly PayoutView[]>;
  /** Payouts and gross cents in each state. */
  totals(): Promise<readonly { state: PayoutState; rail: string; payouts: number; usdCents: bigint }[]>;
  /** What the payee asked for within 24 hours before `nowUs`, US cents; what was refused or came back does not count. */
  askedToday(nowUs: bigint, payee: string): Promise<bigint>;
}
