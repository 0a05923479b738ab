// realtime
import { solvePositive } from '../cholesky.ts';
import { RANGE } from '../kernel/layout.ts';
import { LEFT_SHARE, RIGHT_SHARE } from '../past.ts';
import { CANDIDATES, CoarseSearch } from './coarse-search.ts';
import { hann } from './hann.ts';
import { PAST_AT, RESULT_AT, SEARCH_LAGS, SEARCH_RATE_HZ, TEMPLATE_FRAMES } from './layout.ts';
import { PlainTracker } from './plain-tracker.ts';
import { lagsWithin, type Tracker } from './tracker.ts';
import { createWasmTracker } from './wasm-tracker.ts';

export interface RepetitionOptions {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  readonly channels: 1 | 2;
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
/** Places of the products last asked for. */
const HERE = 0;
const THERE = 1;
const CROSS = 2;
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
  readonly #tracker: Tracker;
  readonly #channels: 1 | 2;
  /** Length of the ring from PAST_AT on that is searched; behind it stands its beginning again, so that stretches are whole. */
  readonly #size: number;
  readonly #again: number;
  /** The ring of each of two channels; of one channel it is what is searched. */
  readonly #rings: readonly Float32Array[];
  /**
   * Squared correlation of what just played and its place in the past, [0, 1], 0 when none was found; in a typed
   * array, where it is not boxed.
   */
  readonly agreement = new Float64Array(1);
  readonly #decimated = new Float64Array(1);
  readonly #taps = new Float64Array(TAPS);
  readonly #matrix = new Float64Array(TAPS * TAPS);
  readonly #right = new Float64Array(TAPS);
  readonly #products = new Float64Array(3);
  #head = 0;
  #heard = 0;
  #phase = 0;
  #lag = 0;
  /** Place of the first sample to continue. */
  #start = 0;

  constructor(options: RepetitionOptions) {
    const { sampleRateHz, packetFrames, channels, searchSeconds, kernel } = options;
    const factor = Math.max(1, Math.round(sampleRateHz / SEARCH_RATE_HZ));
    const lags = lagsWithin(searchSeconds, SEARCH_RATE_HZ, SEARCH_LAGS);
    this.#factor = factor;
    this.#leastLag = Math.ceil(packetFrames / factor) + 2;
    this.#lowPass = hann(4 * factor);
    this.#template = TEMPLATE_FRAMES * factor;
    const size = 2 ** Math.ceil(Math.log2((lags + TEMPLATE_FRAMES + 4) * factor + HOLE_FRAMES_MAX));
    this.#size = size;
    this.#again = this.#template + TAPS;
    const pastFrames = size + this.#again;
    const wasm = kernel === 'plain' ? null : createWasmTracker(lags, pastFrames);
    this.#tracker = wasm ?? new PlainTracker(lags, pastFrames);
    this.#coarse = new CoarseSearch(lags, this.#tracker);
    this.#channels = channels;
    const searched = this.#tracker.memory.subarray(PAST_AT, PAST_AT + size);
    this.#rings = channels === 1 ? [searched] : [new Float32Array(size), new Float32Array(size)];
  }

  /** Takes a packet as it was played; of two channels the left one, then the right one. */
  append(packet: Float32Array): void {
    const { memory } = this.#tracker;
    const frames = packet.length / this.#channels;
    const mask = this.#size - 1;
    for (let c = 0; c < this.#channels; c++) {
      const ring = this.#rings[c];
      if (ring === undefined) continue;
      for (let i = 0; i < frames; i++) {
        const at = (this.#head + i) & mask;
        const sample = packet[c * frames + i] ?? 0;
        // Written out: where a number may be a fraction or a constant it is boxed on the heap.
        ring[at] = sample;
        if (!(sample <= RANGE && sample >= -RANGE)) hold(ring, at);
      }
    }
    for (let i = 0; i < frames; i++) {
      const at = this.#head;
      if (this.#channels === 2) this.#combine(at);
      if (at < this.#again) memory[PAST_AT + this.#size + at] = memory[PAST_AT + at] ?? 0;
      this.#head = (at + 1) & mask;
      if (++this.#phase === this.#factor) this.#decimate();
    }
    this.#heard = Math.min(this.#heard + frames, this.#size);
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

  /** Writes a channel's continuation from `offset` samples after the beginning of the hole to `out[0, frames)`. */
  continueTo(out: Float64Array, channel: number, offset: number, frames: number): void {
    const past = this.#rings[channel];
    const mask = this.#size - 1;
    const lag = this.#lag;
    if (lag === 0 || past === undefined) {
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
    for (let c = 0; c < this.#rings.length; c++) this.#rings[c]?.fill(0);
    this.#coarse.clear();
    this.#head = 0;
    this.#heard = 0;
    this.#phase = 0;
    this.#lag = 0;
    this.agreement[0] = 0;
  }

  #combine(at: number): void {
    const left = this.#rings[0];
    const right = this.#rings[1];
    // A number behind an optional chain is boxed on the heap.
    if (left === undefined || right === undefined) return;
    this.#tracker.memory[PAST_AT + at] = LEFT_SHARE * (left[at] ?? 0) + RIGHT_SHARE * (right[at] ?? 0);
  }

  #decimate(): void {
    const { memory } = this.#tracker;
    const mask = this.#size - 1;
    const taps = this.#lowPass;
    let sum = 0;
    for (let i = 0; i < taps.length; i++)
      sum += (taps[i] ?? 0) * (memory[PAST_AT + ((this.#head - 1 - i) & mask)] ?? 0);
    this.#phase = 0;
    this.#decimated[0] = sum;
    this.#coarse.bring(this.#decimated);
  }

  /** Tries the lags around `coarse` at the full rate and keeps the best one so far. */
  #refine(coarse: number): void {
    const frames = this.#template;
    const products = this.#products;
    const now = this.#start - frames;
    this.#multiply(now, now, HERE);
    for (let lag = coarse - this.#factor; lag <= coarse + this.#factor; lag++) {
      if (lag + frames + 2 > this.#heard) break;
      this.#multiply(now, now - lag, CROSS);
      this.#multiply(now - lag, now - lag, THERE);
      const cross = products[CROSS] ?? 0;
      const energies = ((products[THERE] ?? 0) + FAINT) * ((products[HERE] ?? 0) + FAINT);
      const agreement = cross > 0 ? (cross * cross) / energies : 0;
      if (agreement > (this.agreement[0] ?? 0)) {
        this.agreement[0] = agreement;
        this.#lag = lag;
      }
    }
  }

  /** Least squares of what just played on the place found. */
  #fitTaps(): void {
    const matrix = this.#matrix;
    const right = this.#right;
    const products = this.#products;
    const now = this.#start - this.#template;
    const then = now - this.#lag - 1;
    this.#multiply(now, now, HERE);
    const here = (products[HERE] ?? 0) + FAINT;
    for (let i = 0; i < TAPS; i++) {
      this.#multiply(now, then + i, CROSS);
      right[i] = products[CROSS] ?? 0;
      for (let j = 0; j <= i; j++) {
        this.#multiply(then + i, then + j, THERE);
        matrix[i * TAPS + j] = products[THERE] ?? 0;
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

  /** Sum of products of what begins at two samples, as long as the template. */
  #multiply(a: number, b: number, product: number): void {
    const { memory } = this.#tracker;
    const mask = this.#size - 1;
    this.#tracker.multiply(PAST_AT + (a & mask), PAST_AT + (b & mask), this.#template);
    this.#products[product] =
      (memory[RESULT_AT] ?? 0) +
      (memory[RESULT_AT + 1] ?? 0) +
      ((memory[RESULT_AT + 2] ?? 0) + (memory[RESULT_AT + 3] ?? 0));
  }
}

/** Brings a sample into ±RANGE; NaN becomes 0. */
function hold(ring: Float32Array, at: number): void {
  const sample = ring[at] ?? 0;
  ring[at] = sample > RANGE ? RANGE : sample < -RANGE ? -RANGE : 0;
}
