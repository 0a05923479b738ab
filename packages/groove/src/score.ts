import { present } from '@jamnet/base';
import type { Bar } from './bars.ts';
import { offsetTenthMs } from './bars.ts';
import { DECILES, type Forecast } from './forecast.ts';

/** Loss of one forecast of one bar, in integers; lower is better. */
export interface BarScore {
  /** Σ over hits and deciles of 10 · pinball loss of the offset, 0.1 ms. / 450 → ms per hit. */
  readonly timing: number;
  /** Σ over hits and deciles of 10 · pinball loss of velocity. / 45 → velocity steps per hit. */
  readonly velocity: number;
  /** Σ over 144 cells of (p − 1000 · hit)². */
  readonly cells: number;
  /** Σ over hits of |offset − median|, 0.1 ms. */
  readonly timingError: number;
  /** Σ over hits of |velocity − median|. */
  readonly velocityError: number;
  readonly hits: number;
}

/** Sum over the nine deciles of 10 · pinball loss (Koenker and Bassett 1978), deciles at `from` of `deciles`. */
export function pinball(played: number, deciles: ArrayLike<number>, from: number): number {
  let sum = 0;
  for (let k = 1; k <= DECILES; k++) {
    const difference = played - (deciles[from + k - 1] ?? 0);
    sum += difference >= 0 ? k * difference : (k - 10) * difference;
  }
  return sum;
}

/**
 * Continuous ranked probability score of one hit, in units of the forecast quantity, from a {@link pinball} sum in tenths of such a
 * unit: CRPS = 2 ∫ loss(τ) dτ over all levels τ (Gneiting and Ranjan 2011, eq. 5), by the trapezoidal rule over 0, 0.1 … 1,
 * where both ends lose nothing. What lies beyond the outer deciles is not in it: 1 to 2 % on Laplace forecasts.
 */
export function crpsOfPinball(pinballSum: number, unitsPerStep: number): number {
  return (2 * 0.1 * pinballSum) / (10 * unitsPerStep);
}

export function scoreBar(bar: Bar, forecast: Forecast): BarScore {
  let [timing, velocity, timingError, velocityError] = [0, 0, 0, 0];
  for (const hit of bar.hits) {
    const from = hit.cell * DECILES;
    const offset = offsetTenthMs(hit);
    timing += pinball(offset, forecast.offsetTenthMs, from);
    velocity += pinball(hit.velocity, forecast.velocity, from);
    timingError += Math.abs(offset - present(forecast.offsetTenthMs[from + 4], 'median offset'));
    velocityError += Math.abs(hit.velocity - present(forecast.velocity[from + 4], 'median velocity'));
  }
  const cells = brier(bar, forecast.hitPermille);
  return { timing, velocity, cells, timingError, velocityError, hits: bar.hits.length };
}

/** Σ over 144 cells of (p − 1000 · hit)² (Brier 1950), p in 1/1000. */
export function brier(bar: Bar, hitPermille: ArrayLike<number>): number {
  const played = new Uint8Array(hitPermille.length);
  for (const hit of bar.hits) played[hit.cell] = 1;
  let sum = 0;
  for (let cell = 0; cell < hitPermille.length; cell++) {
    const error = (hitPermille[cell] ?? 0) - 1000 * (played[cell] ?? 0);
    sum += error * error;
  }
  return sum;
}

export const NO_SCORE: BarScore = {
  timing: 0,
  velocity: 0,
  cells: 0,
  timingError: 0,
  velocityError: 0,
  hits: 0,
};

export function addScores(a: BarScore, b: BarScore): BarScore {
  return {
    timing: a.timing + b.timing,
    velocity: a.velocity + b.velocity,
    cells: a.cells + b.cells,
    timingError: a.timingError + b.timingError,
    velocityError: a.velocityError + b.velocityError,
    hits: a.hits + b.hits,
  };
}
