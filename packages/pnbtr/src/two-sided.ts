import { solvePositive } from './cholesky.ts';
import { extrapolateForward } from './extrapolate.ts';
import { segmentBurg } from './segment-burg.ts';

/** Model of the two-sided fill. */
const ORDER = 768;
const CONTEXT_FRAMES = 4_096;
/** Longer holes stay as the one-sided forecast left them: the packet behind tells little of their middle. */
const HOLE_FRAMES_MAX = 2_048;

/**
 * Fills each hole of `heard` from the past and from the one packet that follows it, as a receiver can that holds one
 * packet more. `sent` is read only where packets arrived. Holes at the end, and long ones, stay as they are; the
 * cross-fade into the packet behind goes, since the fill meets it.
 */
export function fillTwoSided(
  sent: Float32Array,
  heard: Float32Array,
  trace: Uint8Array,
  packetFrames: number,
): Float32Array {
  const out = heard.slice();
  const packets = Math.floor(sent.length / packetFrames);
  for (let p = 0; p < packets; p++) {
    if (trace[p] !== 1) continue;
    let after = p;
    while (after < packets && trace[after] === 1) after++;
    const [start, end] = [p * packetFrames, after * packetFrames];
    if (after < packets && end - start <= HOLE_FRAMES_MAX) {
      out.set(sent.subarray(end, end + packetFrames), end);
      fillHole(out, start, end, end + packetFrames);
    }
    p = after;
  }
  return out;
}

/** Fills `[start, end)` of `signal`, known before it and in `[end, knownEnd)`. */
function fillHole(signal: Float32Array, start: number, end: number, knownEnd: number): void {
  const from = Math.max(0, start - CONTEXT_FRAMES);
  const order = Math.min(ORDER, Math.floor((start - from) / 3));
  if (order < 1) return;
  const x = Float64Array.from(signal.subarray(from, knownEnd));
  const hole = { start: start - from, end: end - from };
  const known = { start: hole.end, end: x.length };
  const a = segmentBurg(x, [{ start: 0, end: hole.start }, known], order);
  if (!leastError(x, hole.start, hole.end, a)) extrapolateForward(x, hole.start, hole.end - hole.start, a);
  let peak = 0;
  for (let n = 0; n < x.length; n++)
    if (n < hole.start || n >= hole.end) peak = Math.max(peak, Math.abs(x[n] ?? 0));
  for (let n = hole.start; n < hole.end; n++) {
    const sample = x[n] ?? 0;
    signal[from + n] = Number.isFinite(sample) ? Math.max(-peak, Math.min(peak, sample)) : 0;
  }
}

/**
 * Least squares over the prediction errors from the hole's start to the end of what is known: with few samples behind
 * the hole the system is no longer Toeplitz, so it is solved by Cholesky.
 */
function leastError(x: Float64Array, start: number, end: number, a: Float64Array): boolean {
  const unknowns = end - start;
  const rows = x.length - start;
  const h = new Float64Array(rows);
  h.set(a.subarray(0, rows));
  const target = new Float64Array(unknowns);
  for (let row = 0; row < rows; row++) {
    const error = knownError(x, start, end, row, a);
    for (let i = 0; i <= Math.min(row, unknowns - 1); i++)
      target[i] = (target[i] ?? 0) - (h[row - i] ?? 0) * error;
  }
  const filled = new Float64Array(unknowns);
  if (!solvePositive(normalMatrix(h, unknowns), target, filled)) return false;
  x.set(filled, start);
  return true;
}

/** The prediction error at `start + row` that the known samples alone make. */
function knownError(x: Float64Array, start: number, end: number, row: number, a: Float64Array): number {
  const n = start + row;
  let sum = 0;
  for (let k = 0; k < a.length && k <= n; k++) {
    if (n - k < start || n - k >= end) sum += (a[k] ?? 0) * (x[n - k] ?? 0);
  }
  return sum;
}

/** M[i][j] = Σ h[n−i]·h[n−j], from the last row up: each diagonal adds one product. Lower half. */
function normalMatrix(h: Float64Array, unknowns: number): Float64Array {
  const matrix = new Float64Array(unknowns * unknowns);
  const rows = h.length;
  for (let i = unknowns - 1; i >= 0; i--) {
    for (let j = i; j >= 0; j--) {
      const below =
        i + 1 < unknowns
          ? (matrix[(i + 1) * unknowns + j + 1] ?? 0)
          : tail(h, unknowns - 1 - j, rows - unknowns);
      matrix[i * unknowns + j] = below + (h[rows - 1 - i] ?? 0) * (h[rows - 1 - j] ?? 0);
    }
  }
  return matrix;
}

/** Σ h[m]·h[m + shift] for m in [0, count): the last row of the normal matrix but for its newest product. */
function tail(h: Float64Array, shift: number, count: number): number {
  let sum = 0;
  for (let m = 0; m < count; m++) sum += (h[m] ?? 0) * (h[m + shift] ?? 0);
  return sum;
}
