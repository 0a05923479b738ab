import type { UnitPrice } from '../money/unit-price.ts';
import { worthCents } from '../money/unit-price.ts';
import { monthNamed, quarterIdOf } from '../records/calendar.ts';
import type { Movement } from './movements.ts';

/**
 * Which amounts are reported. `payment`: cash that was paid out in the year with the tax kept back from it (before fees) and
 * perks taken in it, at their price; units
 * that were only issued are an unfunded promise and count when they are redeemed and paid. `issue`: units at their fair
 * value on the day they were issued, and cash claims when they arose; redeeming them later is not counted again.
 * Which one is right for a payee is for a tax adviser; both columns are always told.
 */
export type TaxBasis = 'payment' | 'issue';

export interface TaxLine {
  readonly payee: string;
  /** Settled payouts less what came back, by quarter. */
  readonly paidCents: readonly [bigint, bigint, bigint, bigint];
  /** Number of payouts that were settled, by quarter (DAC7 asks for the activities). */
  readonly payouts: readonly [number, number, number, number];
  /** Tax kept back when a payout was debited, less what came back with it. */
  readonly withheldCents: bigint;
  /** Fees of payouts, by quarter; they are part of what was paid. */
  readonly feeCents: readonly [bigint, bigint, bigint, bigint];
  readonly issuedMicroJam: bigint;
  /** At the unit price of the epoch that issued them, rounded down per entry. */
  readonly issuedValueCents: bigint;
  /** Cash claims that arose without units: (1 − φ) of the share, an empty pool. */
  readonly claimCents: bigint;
  readonly redeemedMicroJam: bigint;
  /** Cash claims that redemptions made. */
  readonly redeemedCents: bigint;
  readonly perkCents: bigint;
  readonly reportableCents: bigint;
  /** Whether a US payee gets a 1099-NEC. */
  readonly reaches1099: boolean;
}

export interface TaxYear {
  readonly year: number;
  readonly basis: TaxBasis;
  readonly threshold1099Cents: bigint;
  /** From 2027 on the threshold is indexed: the figure used is the last one known here. */
  readonly thresholdIsIndexed: boolean;
  readonly lines: readonly TaxLine[];
}

export interface TaxPrices {
  /** Unit price of the epoch whose entry issued units. */
  readonly priceOf: (key: string) => UnitPrice | null;
  /** Cents of the perk whose entry took (or gave back) units; `null` for any other entry. */
  readonly perkCentsOf: (key: string) => bigint | null;
  /** Fees that were kept back from payouts; negative when they were given back. */
  readonly fees: readonly { readonly payee: string; readonly cents: bigint; readonly atUs: bigint }[];
}

/** 1099-NEC: $600 for payments until 2025, $2,000 from 2026, indexed from 2027 (26 U.S.C. §6041 as amended in 2025). */
export function threshold1099Cents(year: number): bigint {
  return year <= 2025 ? 60_000n : 200_000n;
}

/** Totals of one UTC year from the journal's movements, by payee. */
export function taxYear(
  movements: Iterable<Movement>,
  { year, basis, prices }: { year: number; basis: TaxBasis; prices: TaxPrices },
): TaxYear {
  const [from, until] = [windowStart(year), windowStart(year + 1)];
  const sums = new Map<string, Sums>();
  for (const movement of movements) {
    if (movement.atUs < from || movement.atUs >= until) continue;
    const sum = sums.get(movement.payee) ?? emptySums();
    sums.set(movement.payee, sum);
    add(sum, movement, prices);
  }
  for (const { payee, cents, atUs } of prices.fees) {
    if (atUs < from || atUs >= until) continue;
    const sum = sums.get(payee) ?? emptySums();
    sums.set(payee, sum);
    const quarter = quarterOf(atUs);
    sum.feeCents[quarter] = (sum.feeCents[quarter] ?? 0n) + cents;
  }
  const threshold = threshold1099Cents(year);
  const lines = [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([payee, sum]) => lineOf(payee, sum, basis, threshold));
  return { year, basis, threshold1099Cents: threshold, thresholdIsIndexed: year >= 2027, lines };
}

type Quarters = [bigint, bigint, bigint, bigint];

interface Sums {
  paidCents: Quarters;
  payouts: [number, number, number, number];
  withheldCents: bigint;
  feeCents: Quarters;
  issuedMicroJam: bigint;
  issuedValueCents: bigint;
  claimCents: bigint;
  redeemedMicroJam: bigint;
  redeemedCents: bigint;
  perkCents: bigint;
}

function emptySums(): Sums {
  return {
    paidCents: [0n, 0n, 0n, 0n],
    payouts: [0, 0, 0, 0],
    withheldCents: 0n,
    feeCents: [0n, 0n, 0n, 0n],
    issuedMicroJam: 0n,
    issuedValueCents: 0n,
    claimCents: 0n,
    redeemedMicroJam: 0n,
    redeemedCents: 0n,
    perkCents: 0n,
  };
}

function add(sum: Sums, movement: Movement, prices: TaxPrices): void {
  const { microJam, claimCents, paidCents, withheldCents, key, atUs } = movement;
  sum.withheldCents += withheldCents;
  if (paidCents !== 0n) {
    const quarter = quarterOf(atUs);
    sum.paidCents[quarter] = (sum.paidCents[quarter] ?? 0n) + paidCents;
    if (paidCents > 0n) sum.payouts[quarter] = (sum.payouts[quarter] ?? 0) + 1;
    return;
  }
  const perkCents = prices.perkCentsOf(key);
  if (perkCents !== null) {
    sum.perkCents += microJam < 0n ? perkCents : -perkCents;
    sum.redeemedMicroJam -= microJam;
    return;
  }
  if (microJam > 0n) {
    const price = prices.priceOf(key);
    sum.issuedMicroJam += microJam;
    sum.issuedValueCents += price ? worthCents(microJam, price) : 0n;
  }
  if (microJam < 0n) {
    sum.redeemedMicroJam -= microJam;
    sum.redeemedCents += claimCents;
  } else sum.claimCents += claimCents;
}

/** 0 to 3. */
function quarterOf(atUs: bigint): number {
  return Number(quarterIdOf(atUs).slice(-1)) - 1;
}

function lineOf(payee: string, sum: Sums, basis: TaxBasis, threshold: bigint): TaxLine {
  const paid = sum.paidCents.reduce((total, cents) => total + cents, 0n);
  const reportableCents =
    basis === 'payment' ? paid + sum.withheldCents + sum.perkCents : sum.issuedValueCents + sum.claimCents;
  return { payee, ...sum, reportableCents, reaches1099: reportableCents >= threshold };
}

function windowStart(year: number): bigint {
  return monthNamed(`${year.toString().padStart(4, '0')}-01`)?.startUs ?? 0n;
}
