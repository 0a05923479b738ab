/** Weights as a subframe carries them: the prediction is ⌊Σ weight[j]·x[i−1−j] / 2^shift⌋. */
export interface Weights {
  readonly values: Int32Array;
  readonly shift: number;
}

/** Bits of a weight, sign included; libFLAC takes 14 for blocks of this size. */
export const WEIGHT_BITS = 14;
/** RFC 9639 §9.2.6 has 5 signed bits, negative ones forbidden. */
const SHIFT_MAX = 15;

/** Linear prediction of one block by the autocorrelation method (Levinson 1946, Durbin 1960), or `null` for silence. */
export function linearWeights(samples: Int32Array, order: number): Weights | null {
  const correlation = autocorrelation(samples, order);
  if ((correlation[0] ?? 0) <= 0) return null;
  const real = levinson(correlation, order);
  let largest = 0;
  for (let j = 0; j < order; j++) largest = Math.max(largest, Math.abs(real[j] ?? 0));
  if (!(largest > 0) || !Number.isFinite(largest)) return null;
  const limit = 2 ** (WEIGHT_BITS - 1) - 1;
  let shift = Math.min(SHIFT_MAX, Math.floor(Math.log2(limit / largest)));
  if (shift < 0) shift = 0;
  const values = new Int32Array(order);
  // What rounding took from one weight is given to the next, as libFLAC does.
  let carried = 0;
  for (let j = 0; j < order; j++) {
    carried += (real[j] ?? 0) * 2 ** shift;
    const value = Math.max(-limit - 1, Math.min(limit, Math.round(carried)));
    carried -= value;
    values[j] = value;
  }
  return { values, shift };
}

/** Of the samples under a Welch window, which keeps the block's edges from ringing. */
function autocorrelation(samples: Int32Array, order: number): Float64Array {
  const n = samples.length;
  const windowed = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = (2 * i + 1) / n - 1;
    windowed[i] = (samples[i] ?? 0) * (1 - x * x);
  }
  const sums = new Float64Array(order + 1);
  for (let lag = 0; lag <= order; lag++) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (windowed[i] ?? 0) * (windowed[i - lag] ?? 0);
    sums[lag] = sum;
  }
  return sums;
}

function levinson(correlation: Float64Array, order: number): Float64Array {
  const weights = new Float64Array(order);
  const before = new Float64Array(order);
  let error = correlation[0] ?? 0;
  for (let i = 0; i < order && error > 0; i++) {
    let sum = correlation[i + 1] ?? 0;
    for (let j = 0; j < i; j++) sum -= (weights[j] ?? 0) * (correlation[i - j] ?? 0);
    const reflection = sum / error;
    before.set(weights);
    weights[i] = reflection;
    for (let j = 0; j < i; j++) weights[j] = (before[j] ?? 0) - reflection * (before[i - 1 - j] ?? 0);
    error *= 1 - reflection * reflection;
  }
  return weights;
}

/** Residual of prediction by `weights` into `residual`; false when one leaves 32 bits, which FLAC forbids (§9.2.7.3). */
export function linearResidual(
  samples: Int32Array,
  { values, shift }: Weights,
  residual: Int32Array,
): boolean {
  const order = values.length;
  const scale = 2 ** shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += (values[j] ?? 0) * (samples[i - 1 - j] ?? 0);
    const left = (samples[i] ?? 0) - Math.floor(sum / scale);
    if (left > 0x3fffffff || left < -0x3fffffff) return false;
    residual[i] = left;
  }
  return true;
}

/** Inverse of {@link linearResidual}, in place: `samples` hold the first samples, then residuals. */
export function linearRestore(samples: Int32Array, { values, shift }: Weights): void {
  const order = values.length;
  const scale = 2 ** shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += (values[j] ?? 0) * (samples[i - 1 - j] ?? 0);
    samples[i] = (samples[i] ?? 0) + Math.floor(sum / scale);
  }
}
