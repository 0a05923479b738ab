import { OFFSET_TENTH_MS_MAX } from './forecast.ts';
import { clamp, divideRounding } from './integers.ts';

/** Deciles k/10 of the Laplace law of scale 1, in 1/10 000: ± ln 5, ± ln 2.5, ± ln 5/3, ± ln 1.25, 0. */
export const LAPLACE_DECILES = [-16094, -9163, -5108, -2231, 0, 2231, 5108, 9163, 16094] as const;

/** Denominator of a spread: LAPLACE_DECILES (1/10 000) times a factor in tenths. */
const SPREAD_UNIT = 100_000;

/**
 * A decile of the offset in 0.1 ms. `centreUs` in µs; `spread` = LAPLACE_DECILES[k] · scale in µs · factor in tenths.
 */
export function offsetDecile(centreUs: number, spread: number): number {
  const value = divideRounding(centreUs * SPREAD_UNIT + spread, SPREAD_UNIT * 100);
  return clamp(value, -OFFSET_TENTH_MS_MAX, OFFSET_TENTH_MS_MAX);
}

/** A decile of velocity, 1..127. `centreMilli` in 1/1000; `spread` as in {@link offsetDecile}, scale in 1/1000. */
export function velocityDecile(centreMilli: number, spread: number): number {
  return clamp(divideRounding(centreMilli * SPREAD_UNIT + spread, SPREAD_UNIT * 1000), 1, 127);
}
