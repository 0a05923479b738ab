import { solveToeplitz } from './toeplitz.ts';

/**
 * Fills `signal[start, start + frames)` so that the model's prediction error over all samples that see the hole is
 * least (Janssen, Veldhuis, Vries 1986). The system is Toeplitz: it holds the autocorrelation of the coefficients.
 * Samples outside `signal` count as zero. Answers false, and changes nothing, when the system is not solvable.
 */
export function interpolate(signal: Float64Array, start: number, frames: number, a: Float64Array): boolean {
  const order = a.length - 1;
  const correlation = autocorrelation(a);
  const column = columnOf(correlation, frames);
  const known = new Float64Array(frames);
  for (let i = 0; i < frames; i++) {
    let sum = 0;
    const from = Math.max(0, start + i - order);
    const to = Math.min(signal.length - 1, start + i + order);
    for (let n = from; n <= to; n++) {
      if (n >= start && n < start + frames) continue;
      sum -= (correlation[Math.abs(n - start - i)] ?? 0) * (signal[n] ?? 0);
    }
    known[i] = sum;
  }
  const filled = solveToeplitz(column, known);
  if (filled?.every(Number.isFinite) !== true) return false;
  signal.set(filled, start);
  return true;
}

/**
 * Error that the fill is expected to have, mean over the hole, for prediction errors of variance 1: the trace of the
 * inverse of the system (Trench 1964, from its first column alone), by its size.
 */
export function interpolationGain(frames: number, a: Float64Array): number {
  const first = new Float64Array(frames);
  first[0] = 1;
  const z = solveToeplitz(columnOf(autocorrelation(a), frames), first);
  const corner = z?.[0] ?? 0;
  if (z === null || !(corner > 0)) return 0;
  let diagonal = corner;
  let trace = corner;
  for (let k = 1; k < frames; k++) {
    diagonal += ((z[k] ?? 0) ** 2 - (z[frames - k] ?? 0) ** 2) / corner;
    trace += diagonal;
  }
  return Math.max(0, trace / frames);
}

function columnOf(correlation: Float64Array, frames: number): Float64Array {
  const column = new Float64Array(frames);
  column.set(correlation.subarray(0, frames));
  return column;
}

function autocorrelation(a: Float64Array): Float64Array {
  const r = new Float64Array(a.length);
  for (let lag = 0; lag < a.length; lag++) {
    let sum = 0;
    for (let i = lag; i < a.length; i++) sum += (a[i] ?? 0) * (a[i - lag] ?? 0);
    r[lag] = sum;
  }
  return r;
}
