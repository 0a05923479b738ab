import { solveToeplitz } from './toeplitz.ts';

/**
 * Fills `signal[start, start + frames)` so that the model's prediction error over all samples that see the hole is
 * least (Janssen, Veldhuis, Vries 1986). The system is Toeplitz: it holds the autocorrelation of the coefficients.
 * Samples outside `signal` count as zero. Answers false, and changes nothing, when the system is not solvable.
 */
export function interpolate(signal: Float64Array, start: number, frames: number, a: Float64Array): boolean {
  const order = a.length - 1;
  const correlation = autocorrelation(a);
  const column = new Float64Array(frames);
  for (let lag = 0; lag < frames; lag++) column[lag] = correlation[lag] ?? 0;
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

function autocorrelation(a: Float64Array): Float64Array {
  const r = new Float64Array(a.length);
  for (let lag = 0; lag < a.length; lag++) {
    let sum = 0;
    for (let i = lag; i < a.length; i++) sum += (a[i] ?? 0) * (a[i - lag] ?? 0);
    r[lag] = sum;
  }
  return r;
}
