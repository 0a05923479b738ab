import { DECILES } from '../forecast.ts';
import { LAPLACE_DECILES } from '../laplace.ts';

/** Raw outputs per quantity: the median, then four steps down and four up. */
export const OUTPUTS_PER_QUANTITY = DECILES;
const MIDDLE = 4;
/** From decile to decile outwards as in a Laplace law of scale 1: where training starts. */
const STEPS = LAPLACE_DECILES.slice(MIDDLE + 1).map(
  (z, k) => (z - (LAPLACE_DECILES[MIDDLE + k] ?? 0)) / 10_000,
);

/** A positive, smooth, monotone function made of a square root only, which IEEE 754 fixes to the bit: 1 at 0. */
export function positive(x: number): number {
  return (x + Math.sqrt(x * x + 4)) / 2;
}

/** Its derivative. */
export function positiveSlope(x: number): number {
  return (1 + x / Math.sqrt(x * x + 4)) / 2;
}

/** Nine deciles in the anchor's units, never falling, from raw outputs at `at`. */
export function decilesOf(output: Float32Array, at: number, into: Float64Array): void {
  const median = output[at] as number;
  into[MIDDLE] = median;
  let [low, high] = [median, median];
  for (let k = 0; k < MIDDLE; k++) {
    low -= (STEPS[k] as number) * positive(output[at + 1 + k] as number);
    high += (STEPS[k] as number) * positive(output[at + 1 + MIDDLE + k] as number);
    into[MIDDLE - 1 - k] = low;
    into[MIDDLE + 1 + k] = high;
  }
}

/** Carries the slopes of the loss by decile back to the raw outputs; adds to nothing, overwrites. */
export function decileSlopes(
  output: Float32Array,
  at: number,
  slopes: Float64Array,
  into: Float32Array,
): void {
  let sum = 0;
  for (let k = 0; k < DECILES; k++) sum += slopes[k] as number;
  into[at] = sum;
  let [low, high] = [0, 0];
  for (let k = MIDDLE - 1; k >= 0; k--) {
    low += slopes[MIDDLE - 1 - k] as number;
    high += slopes[MIDDLE + 1 + k] as number;
    into[at + 1 + k] = -(STEPS[k] as number) * positiveSlope(output[at + 1 + k] as number) * low;
    into[at + 1 + MIDDLE + k] =
      (STEPS[k] as number) * positiveSlope(output[at + 1 + MIDDLE + k] as number) * high;
  }
}
