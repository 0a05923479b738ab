import { solvePositive } from '../cholesky.ts';
import type { RepairSpan } from './repair.ts';

/** The search runs at this part of the rate. */
const FACTOR = 8;
/** Samples on each side of a hole that are compared, and with which the taps are fitted. */
const LIKENESS_SIDE_FRAMES = 640;
/** How far back and forth the search goes. */
export const LIKENESS_REACH_FRAMES = 176_400;
/** Places that are compared at the full rate. */
const CANDIDATES = 6;
/** Places that are used together. */
const PLACES = 2;
/** Taps of each place: its sample and one to each side. */
const TAPS = 3;
const RIDGE = 1e-4;
const FAINT = 1e-9;

/** Samples on each side of a hole for which a like is given: what the largest model sees. */
export const LIKE_MARGIN_FRAMES = 1_024;

export interface Like {
  /** Over the hole and {@link LIKE_MARGIN_FRAMES} on both sides. */
  readonly samples: Float64Array;
  /** Mean squared difference from what is known beside the hole. */
  readonly error: number;
}

/** Operations of one search: the correlations at the slow rate, the best places and their taps at the full one. */
export function likenessCostFlops(takeFrames: number): bigint {
  const lags = Math.floor(Math.min(takeFrames, 2 * LIKENESS_REACH_FRAMES) / FACTOR);
  const coarse = (4 * lags * LIKENESS_SIDE_FRAMES) / FACTOR;
  const fine = 8 * CANDIDATES * (2 * FACTOR + 1) * LIKENESS_SIDE_FRAMES;
  const taps = 4 * (PLACES * TAPS) * (PLACES * TAPS + 2) * LIKENESS_SIDE_FRAMES;
  return BigInt(coarse + fine + taps);
}

/** Where else in a take it sounds as it does around a hole, and what sounded there. */
export class Likeness {
  readonly #signal: Float64Array;
  readonly #low: Float64Array;
  /** Sums of squares of the slow signal, and counts of hole samples, up to each place. */
  readonly #energy: Float64Array;
  readonly #holes: Uint32Array;

  /** `signal` with all holes drafted; it is read later, and may be mended meanwhile. */
  constructor(signal: Float64Array, spans: readonly RepairSpan[]) {
    this.#signal = signal;
    this.#low = decimate(signal);
    this.#energy = new Float64Array(this.#low.length + 1);
    for (let n = 0; n < this.#low.length; n++)
      this.#energy[n + 1] = (this.#energy[n] ?? 0) + (this.#low[n] ?? 0) ** 2;
    this.#holes = new Uint32Array(signal.length + 1);
    for (const { atSample, frames } of spans) this.#holes.fill(1, atSample + 1, atSample + frames + 1);
    for (let n = 0; n < signal.length; n++)
      this.#holes[n + 1] = (this.#holes[n + 1] ?? 0) + (this.#holes[n] ?? 0);
  }

  /** What sounded in the like places; `null` when there is none. */
  of(span: RepairSpan): Like | null {
    const from = span.atSample - LIKE_MARGIN_FRAMES;
    const frames = span.frames + 2 * LIKE_MARGIN_FRAMES;
    if (from < 0 || from + frames > this.#signal.length) return null;
    const lags = this.#lags(span);
    if (lags.length === 0) return null;
    const taps = this.#fit(span, lags);
    if (taps === null) return null;
    const out = new Float64Array(frames);
    for (const [place, lag] of lags.entries()) {
      for (let tap = 0; tap < TAPS; tap++) {
        const weight = taps[place * TAPS + tap] ?? 0;
        const shift = from - lag + tap - 1;
        for (let i = 0; i < frames; i++) out[i] = (out[i] ?? 0) + weight * (this.#signal[shift + i] ?? 0);
      }
    }
    return { samples: out, error: this.#error(span, out) };
  }

  /** Mean squared difference on both sides. */
  #error(span: RepairSpan, like: Float64Array): number {
    let sum = 0;
    for (const [begin, end] of sidesOf(span)) {
      for (let n = begin; n < end; n++)
        sum += ((this.#signal[n] ?? 0) - (like[n - span.atSample + LIKE_MARGIN_FRAMES] ?? 0)) ** 2;
    }
    return sum / (2 * LIKENESS_SIDE_FRAMES);
  }

  #lags(span: RepairSpan): number[] {
    const found: { lag: number; score: number }[] = [];
    for (const coarse of this.#coarse(span)) {
      let best = { lag: 0, score: 0 };
      for (let lag = coarse * FACTOR - FACTOR; lag <= coarse * FACTOR + FACTOR; lag++) {
        const score = this.#isFree(span, lag) ? this.#agreement(span, lag) : 0;
        if (score > best.score) best = { lag, score };
      }
      if (best.score > 0 && !found.some(({ lag }) => Math.abs(lag - best.lag) <= FACTOR)) found.push(best);
    }
    return found
      .sort((a, b) => b.score - a.score)
      .slice(0, PLACES)
      .map(({ lag }) => lag);
  }

  /** The place lies inside the signal, apart from the hole's surroundings, and what it gives for the hole was heard. */
  #isFree(span: RepairSpan, lag: number): boolean {
    const begin = span.atSample - lag - 1;
    const end = span.atSample + span.frames - lag + 1;
    if (begin < LIKENESS_SIDE_FRAMES || end > this.#signal.length - LIKENESS_SIDE_FRAMES) return false;
    if (Math.abs(lag) <= span.frames + LIKENESS_SIDE_FRAMES) return false;
    return (this.#holes[end] ?? 0) === (this.#holes[begin] ?? 0);
  }

  /** Peaks of the normalised correlation at the slow rate, best first. */
  #coarse(span: RepairSpan): number[] {
    const low = this.#low;
    const side = LIKENESS_SIDE_FRAMES / FACTOR;
    const first = Math.floor(span.atSample / FACTOR);
    const second = Math.ceil((span.atSample + span.frames) / FACTOR);
    const least = Math.ceil((span.frames + LIKENESS_SIDE_FRAMES) / FACTOR) + 1;
    const reach = Math.floor(LIKENESS_REACH_FRAMES / FACTOR);
    const from = Math.max(-reach, second + side - low.length);
    const to = Math.min(reach, first - side);
    const scores = new Float64Array(Math.max(0, to - from + 1));
    if (first < side || second + side > low.length) return [];
    for (let lag = from; lag <= to; lag++) {
      if (lag > -least && lag < least) continue;
      const energy =
        this.#between(first - side - lag, first - lag) + this.#between(second - lag, second + side - lag);
      if (energy <= FAINT) continue;
      let cross = 0;
      for (let n = first - side; n < first; n++) cross += (low[n] ?? 0) * (low[n - lag] ?? 0);
      for (let n = second; n < second + side; n++) cross += (low[n] ?? 0) * (low[n - lag] ?? 0);
      scores[lag - from] = cross > 0 ? (cross * cross) / energy : 0;
    }
    return peaksOf(scores).map((place) => place + from);
  }

  #between(begin: number, end: number): number {
    return (this.#energy[end] ?? 0) - (this.#energy[begin] ?? 0);
  }

  #agreement(span: RepairSpan, lag: number): number {
    const x = this.#signal;
    let cross = 0;
    let there = FAINT;
    for (const [begin, end] of sidesOf(span)) {
      for (let n = begin; n < end; n++) {
        const then = x[n - lag] ?? 0;
        cross += (x[n] ?? 0) * then;
        there += then * then;
      }
    }
    return cross > 0 ? (cross * cross) / there : 0;
  }

  /** Least squares of both sides on all places together. */
  #fit(span: RepairSpan, lags: readonly number[]): Float64Array | null {
    const x = this.#signal;
    const size = lags.length * TAPS;
    const shifts = lags.flatMap((lag) => [-lag - 1, -lag, -lag + 1]);
    const matrix = new Float64Array(size * size);
    const right = new Float64Array(size);
    for (const [begin, end] of sidesOf(span)) {
      for (let i = 0; i < size; i++) {
        const shift = shifts[i] ?? 0;
        right[i] = (right[i] ?? 0) + dot(x, begin, begin + shift, end - begin);
        for (let j = 0; j <= i; j++)
          matrix[i * size + j] =
            (matrix[i * size + j] ?? 0) + dot(x, begin + shift, begin + (shifts[j] ?? 0), end - begin);
      }
    }
    let trace = 0;
    for (let i = 0; i < size; i++) trace += matrix[i * (size + 1)] ?? 0;
    const ridge = (RIDGE * trace) / size + FAINT;
    for (let i = 0; i < size; i++) matrix[i * (size + 1)] = (matrix[i * (size + 1)] ?? 0) + ridge;
    const taps = new Float64Array(size);
    return solvePositive(matrix, right, taps) ? taps : null;
  }
}

function sidesOf({ atSample, frames }: RepairSpan): readonly (readonly [number, number])[] {
  return [
    [atSample - LIKENESS_SIDE_FRAMES, atSample],
    [atSample + frames, atSample + frames + LIKENESS_SIDE_FRAMES],
  ];
}

function dot(x: Float64Array, a: number, b: number, frames: number): number {
  let sum = 0;
  for (let i = 0; i < frames; i++) sum += (x[a + i] ?? 0) * (x[b + i] ?? 0);
  return sum;
}

/** Triangles of twice the step are low-pass enough here; they need no cosine, whose last bit differs between engines. */
function decimate(signal: Float64Array): Float64Array {
  const low = new Float64Array(Math.floor(signal.length / FACTOR));
  for (let m = 0; m < low.length; m++) {
    let sum = 0;
    for (let i = 1 - 2 * FACTOR; i < 2 * FACTOR; i++)
      sum += (2 * FACTOR - Math.abs(i)) * (signal[m * FACTOR + i] ?? 0);
    low[m] = sum / (4 * FACTOR * FACTOR);
  }
  return low;
}

function peaksOf(scores: Float64Array): number[] {
  const best: { place: number; score: number }[] = [];
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] ?? 0;
    if (score <= (best[CANDIDATES - 1]?.score ?? 0)) continue;
    if ((scores[place - 1] ?? 0) > score || (scores[place + 1] ?? 0) >= score) continue;
    best.push({ place, score });
    best.sort((a, b) => b.score - a.score);
    best.length = Math.min(best.length, CANDIDATES);
  }
  return best.map(({ place }) => place);
}
