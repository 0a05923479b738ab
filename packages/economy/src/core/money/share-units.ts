import { assert } from '@jamnet/base';
import { SHARE_UNITS } from '../records/rows.ts';
import { apportion, firstByHash } from './apportion.ts';

/** A share is `high · 10⁹ + low`: two words that print as decimals and multiply without a bigint in between. */
export const HALF = 1_000_000_000;
const HALF_UNITS = BigInt(HALF);
/** Weights up to here are divided in two steps of 10⁹, up to the next in six of 10³: a remainder × the step stays below 2⁵³. */
const TWO_STEPS_MAX = Math.floor(Number.MAX_SAFE_INTEGER / HALF);
const SIX_STEPS_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 1_000);

/** Divides {@link SHARE_UNITS} by largest remainder, exactly as `apportion` does, in doubles that hold whole numbers only. */
export class ShareDivider {
  readonly #salt: string;
  #high = new Uint32Array(64);
  #low = new Uint32Array(64);
  #remainders = new Float64Array(64);

  constructor(salt: string) {
    this.#salt = salt;
  }

  /** Result of the last division, by index. */
  high(index: number): number {
    return this.#high[index] ?? 0;
  }

  low(index: number): number {
    return this.#low[index] ?? 0;
  }

  /** Weights are whole numbers ≥ 0, or bigints where a double cannot hold them; at least one > 0. */
  divide(weights: readonly number[] | readonly bigint[], keyOf: (index: number) => string): void {
    this.#reserve(weights.length);
    const total = exactSum(weights);
    if (total === null || total > SIX_STEPS_MAX) {
      const parts = apportion(SHARE_UNITS, weights.map(BigInt), keyOf, this.#salt);
      parts.forEach((part, index) => {
        this.#high[index] = Number(part / HALF_UNITS);
        this.#low[index] = Number(part % HALF_UNITS);
      });
      return;
    }
    assert(total > 0, 'shares: nothing to divide by');
    let left = 0;
    // Exact: `exactSum` saw numbers only.
    const numbers = weights as readonly number[];
    for (let index = 0; index < numbers.length; index++) {
      const weight = numbers[index] ?? 0;
      const remainder =
        total <= TWO_STEPS_MAX ? this.#twoSteps(index, weight, total) : this.#sixSteps(index, weight, total);
      this.#remainders[index] = remainder;
      left += remainder;
    }
    // The remainders sum to a whole number of totals: that many units are left, fewer than there are parts.
    const units = Math.round(left / total);
    if (units > 0) this.#giveUnits(numbers.length, units, keyOf);
  }

  #twoSteps(index: number, weight: number, total: number): number {
    const first = weight * HALF;
    const high = Math.floor(first / total);
    const second = (first - high * total) * HALF;
    const low = Math.floor(second / total);
    this.#high[index] = high;
    this.#low[index] = low;
    return second - low * total;
  }

  #sixSteps(index: number, weight: number, total: number): number {
    let remainder = weight;
    let digits = 0;
    for (let step = 0; step < 6; step++) {
      if (step === 3) {
        this.#high[index] = digits;
        digits = 0;
      }
      const product = remainder * 1_000;
      const digit = Math.floor(product / total);
      remainder = product - digit * total;
      digits = digits * 1_000 + digit;
    }
    this.#low[index] = digits;
    return remainder;
  }

  #giveUnits(length: number, units: number, keyOf: (index: number) => string): void {
    const remainderOf = (index: number): number => this.#remainders[index] ?? 0;
    const order = Array.from({ length }, (_, index) => index).sort((a, b) => remainderOf(b) - remainderOf(a));
    const threshold = remainderOf(order[units - 1] ?? 0);
    let clear = 0;
    while (remainderOf(order[clear] ?? 0) > threshold) clear++;
    let tiedEnd = clear;
    while (tiedEnd < length && remainderOf(order[tiedEnd] ?? 0) === threshold) tiedEnd++;
    for (let k = 0; k < clear; k++) this.#increase(order[k] ?? 0);
    const tied = order.slice(clear, tiedEnd);
    const chosen = tied.length === units - clear ? tied : firstByHash(tied, units - clear, keyOf, this.#salt);
    for (const index of chosen) this.#increase(index);
  }

  #increase(index: number): void {
    const low = (this.#low[index] ?? 0) + 1;
    if (low === HALF) this.#high[index] = (this.#high[index] ?? 0) + 1;
    this.#low[index] = low === HALF ? 0 : low;
  }

  #reserve(length: number): void {
    if (length <= this.#high.length) return;
    const size = Math.max(length, 2 * this.#high.length);
    this.#high = new Uint32Array(size);
    this.#low = new Uint32Array(size);
    this.#remainders = new Float64Array(size);
  }
}

/** `null` when the sum, or a weight, is beyond what a double holds exactly. */
function exactSum(weights: readonly number[] | readonly bigint[]): number | null {
  let sum = 0;
  for (const weight of weights) {
    if (typeof weight === 'bigint') return null;
    sum += weight;
    if (sum > Number.MAX_SAFE_INTEGER) return null;
  }
  return sum;
}
