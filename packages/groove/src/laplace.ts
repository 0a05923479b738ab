import { DECILES, OFFSET_TENTH_MS_MAX } from './forecast.ts';
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

/** All nine deciles of one cell's offset, as {@link offsetDecile} has each; `scale` in µs times its factor in tenths. */
export function writeOffsets(centreUs: number, scale: number, into: Int16Array, at: number): void {
  const half = SPREAD_UNIT * 100;
  const [centre, step] = [2 * centreUs * SPREAD_UNIT + half, 2 * scale];
  for (let k = 0; k < DECILES; k++) {
    const value = Math.floor((centre + (LAPLACE_DECILES[k] ?? 0) * step) / (2 * half));
    into[at + k] = clamp(value, -OFFSET_TENTH_MS_MAX, OFFSET_TENTH_MS_MAX);
  }
}

/** The same of velocity, as {@link velocityDecile} has each; centre and scale in 1/1000. */
export function writeVelocities(centreMilli: number, scale: number, into: Uint8Array, at: number): void {
  const half = SPREAD_UNIT * 1000;
  const [centre, step] = [2 * centreMilli * SPREAD_UNIT + half, 2 * scale];
  for (let k = 0; k < DECILES; k++) {
    const value = Math.floor((centre + (LAPLACE_DECILES[k] ?? 0) * step) / (2 * half));
    into[at + k] = clamp(value, 1, 127);
  }
}
