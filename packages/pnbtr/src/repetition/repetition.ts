// realtime
import { solvePositive } from '../cholesky.ts';
import { RANGE } from '../kernel/layout.ts';
import { CANDIDATES, CoarseSearch } from './coarse-search.ts';
import { hann } from './hann.ts';
import { SEARCH_LAGS, SEARCH_RATE_HZ, TEMPLATE_FRAMES } from './layout.ts';
import { lagsWithin } from './tracker.ts';

export interface RepetitionOptions {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  /** How far back to look, (0, 4]. */
  readonly searchSeconds: number;
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/** Taps at the lag and one sample beside it: they give fractions of a sample and a slight equalisation. */
const TAPS = 3;
/** Ridge of the taps, of the template's energy: a quiet place in the past is not blown up. */
const RIDGE = 1e-4;
/** Keeps divisions by the energy of silence away. */
const FAINT = 1e-9;
/** A hole of this length is continued before the ring may overwrite the place it is continued from. */
const HOLE_FRAMES_MAX = 32_768;

/**
 * The last time that the music sounded as it does now, and how it went on then: drum loops, samples and sequences
 * repeat themselves, which no linear model of a tenth of a second knows.
 */
export class Repetition {
  readonly #factor: number;
  readonly #leastLag: number;
  readonly #lowPass: Float64Array;
  readonly #coarse: CoarseSearch;
  readonly #template: number;
  readonly #past: Float32Array;
  readonly #mask: number;
  /**
   * Squared correlation of what just played and its place in the past, [0, 1], 0 when none was found; in a typed
   * array, where it is not boxed.
   */
  readonly agreement = new Float64Array(1);
  readonly #decimated = new Float64Array(1);
  readonly #taps = new Float64Array(TAPS);
  readonly #matrix = new Float64Array(TAPS * TAPS);
  readonly #right = new Float64Array(TAPS);
  #head = 0;
  #heard = 0;
  #phase = 0;
  #lag = 0;
  /** Place of the first sample to continue. */
  #start = 0;

  constructor(options: RepetitionOptions) {
    const { sampleRateHz, packetFrames, searchSeconds, kernel } = options;
    const factor = Math.max(1, Math.round(sampleRateHz / SEARCH_RATE_HZ));
    const lags = lagsWithin(searchSeconds, SEARCH_RATE_HZ, SEARCH_LAGS);
    this.#factor = factor;
    this.#leastLag = Math.ceil(packetFrames / factor) + 2;
    this.#lowPass = hann(4 * factor);
    this.#coarse = new CoarseSearch(lags, kernel);
    this.#template = TEMPLATE_FRAMES * factor;
    const size = 2 ** Math.ceil(Math.log2((lags + TEMPLATE_FRAMES + 4) * factor + HOLE_FRAMES_MAX));
    this.#past = new Float32Array(size);
    this.#mask = size - 1;
  }

  /** Takes a packet as it was played. */
  append(packet: Float32Array): void {
    const past = this.#past;
    for (let i = 0; i < packet.length; i++) {
      const sample = packet[i] ?? 0;
      // Written out: where a number may be a fraction or a constant it is boxed on the heap.
      past[this.#head] = sample;
      if (!(sample <= RANGE && sample >= -RANGE)) this.#hold();
      this.#head = (this.#head + 1) & this.#mask;
      if (++this.#phase === this.#factor) this.#decimate();
    }
    this.#heard = Math.min(this.#heard + packet.length, this.#mask + 1);
    this.#coarse.track();
  }

  /** Looks for the place that what just played repeats; false when there is none. */
  find(): boolean {
    this.#start = this.#head;
    this.#lag = 0;
    this.agreement[0] = 0;
    this.#coarse.find(this.#leastLag);
    for (let c = 0; c < CANDIDATES; c++) {
      const coarse = this.#coarse.candidates[c] ?? 0;
      if (coarse > 0) this.#refine(coarse * this.#factor);
    }
    if (this.#lag > 0) this.#fitTaps();
    return this.#lag > 0;
  }

  /** Writes the continuation from `offset` samples after the beginning of the hole to `out[0, frames)`. */
  continueTo(out: Float64Array, offset: number, frames: number): void {
    const past = this.#past;
    const mask = this.#mask;
    const lag = this.#lag;
    if (lag === 0) {
      out.fill(0, 0, frames);
      return;
    }
    const first = this.#start - lag;
    const before = this.#taps[0] ?? 0;
    const middle = this.#taps[1] ?? 0;
    const after = this.#taps[2] ?? 0;
    for (let i = 0; i < frames; i++) {
      // A hole longer than the lag goes round: nothing of the hole itself is read.
      const at = first + ((offset + i) % (lag - 1));
      out[i] =
        before * (past[(at - 1) & mask] ?? 0) +
        middle * (past[at & mask] ?? 0) +
        after * (past[(at + 1) & mask] ?? 0);
    }
  }

  clear(): void {
    this.#past.fill(0);
    this.#coarse.clear();
    this.#head = 0;
    this.#heard = 0;
    this.#phase = 0;
    this.#lag = 0;
    this.agreement[0] = 0;
  }

  /** Brings the newest sample into ±RANGE; NaN becomes 0. */
  #hold(): void {
    const sample = this.#past[this.#head] ?? 0;
    this.#past[this.#head] = sample > RANGE ? RANGE : sample < -RANGE ? -RANGE : 0;
  }

  #decimate(): void {
    const past = this.#past;
    const mask = this.#mask;
    const taps = this.#lowPass;
    let sum = 0;
    for (let i = 0; i < taps.length; i++) sum += (taps[i] ?? 0) * (past[(this.#head - 1 - i) & mask] ?? 0);
    this.#phase = 0;
    this.#decimated[0] = sum;
    this.#coarse.bring(this.#decimated);
  }

  /** Tries the lags around `coarse` at the full rate and keeps the best one so far. */
  #refine(coarse: number): void {
    const past = this.#past;
    const mask = this.#mask;
    const frames = this.#template;
    const begin = this.#start - frames;
    for (let lag = coarse - this.#factor; lag <= coarse + this.#factor; lag++) {
      if (lag + frames + 2 > this.#heard) break;
      let cross = 0;
      let there = FAINT;
      let here = FAINT;
      for (let n = begin; n < begin + frames; n++) {
        const now = past[n & mask] ?? 0;
        const then = past[(n - lag) & mask] ?? 0;
        cross += now * then;
        there += then * then;
        here += now * now;
      }
      const agreement = cross > 0 ? (cross / there) * (cross / here) : 0;
      if (agreement > (this.agreement[0] ?? 0)) {
        this.agreement[0] = agreement;
        this.#lag = lag;
      }
    }
  }

  /** Least squares of what just played on the place found. */
  #fitTaps(): void {
    const past = this.#past;
    const mask = this.#mask;
    const matrix = this.#matrix;
    const right = this.#right;
    matrix.fill(0);
    right.fill(0);
    let here = FAINT;
    for (let n = this.#start - this.#template; n < this.#start; n++) {
      const now = past[n & mask] ?? 0;
      here += now * now;
      for (let i = 0; i < TAPS; i++) {
        const then = past[(n - this.#lag + i - 1) & mask] ?? 0;
        right[i] = (right[i] ?? 0) + then * now;
        for (let j = 0; j <= i; j++)
          matrix[i * TAPS + j] =
            (matrix[i * TAPS + j] ?? 0) + then * (past[(n - this.#lag + j - 1) & mask] ?? 0);
      }
    }
    const trace = (matrix[0] ?? 0) + (matrix[TAPS + 1] ?? 0) + (matrix[2 * TAPS + 2] ?? 0);
    const ridge = RIDGE * (trace / TAPS + here) + FAINT;
    for (let i = 0; i < TAPS; i++) matrix[i * (TAPS + 1)] = (matrix[i * (TAPS + 1)] ?? 0) + ridge;
    solvePositive(matrix, right, this.#taps);
    let explained = 0;
    for (let i = 0; i < TAPS; i++) explained += (this.#taps[i] ?? 0) * (right[i] ?? 0);
    this.agreement[0] = Math.min(1, Math.max(this.agreement[0] ?? 0, explained / here));
  }
}
