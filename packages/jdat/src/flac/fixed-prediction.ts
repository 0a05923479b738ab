import type { Weights } from './linear-prediction.ts';

/** The fixed predictors of FLAC (RFC 9639 §9.2.5) as weights: polynomials of degree 0 to 3 through the last samples. */
export const FIXED_WEIGHTS: readonly Weights[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map(
  (values) => ({ values: Int32Array.from(values), shift: 0 }),
);

/** The order whose residual has the least sum of magnitudes. */
export function bestFixedOrder(samples: Int32Array): number {
  const differences = new Float64Array(samples);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let order = 0; order < FIXED_WEIGHTS.length && order < samples.length; order++) {
    if (order > 0)
      for (let i = samples.length - 1; i >= order; i--)
        differences[i] = (differences[i] ?? 0) - (differences[i - 1] ?? 0);
    let sum = 0;
    for (let i = FIXED_WEIGHTS.length - 1; i < samples.length; i++) sum += Math.abs(differences[i] ?? 0);
    if (sum < least) {
      least = sum;
      best = order;
    }
  }
  return best;
}
