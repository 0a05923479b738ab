// realtime
import {
  CORRELATIONS_AT,
  HISTORY_AT,
  HISTORY_FRAMES,
  NEWS_FRAMES_MAX,
  SEARCH_LAGS,
  TEMPLATE_FRAMES,
  WEIGHTS_AT,
} from './layout.ts';
import { PlainTracker } from './plain-tracker.ts';
import type { Tracker } from './tracker.ts';
import { createWasmTracker } from './wasm-tracker.ts';

/** Places that the coarse search hands on. */
export const CANDIDATES = 3;
/** Decimated samples below this are taken as silence, so that no product is denormal. */
const QUIET = 1e-9;
/** Running energy below which there is nothing to compare. */
const SILENT_ENERGY = 1e-12;
const DECAY = Math.exp(-1 / TEMPLATE_FRAMES);

/** Where in the past the decimated signal went as it goes now: running correlations and the best of them. */
export class CoarseSearch {
  /** The best lags in decimated frames, best first; 0 where there is none. */
  readonly candidates = new Int32Array(CANDIDATES);
  readonly #scores = new Float64Array(CANDIDATES);
  readonly #lags: number;
  readonly #tracker: Tracker;
  /** Energy of the template that ends at each place of the history. */
  readonly #energies = new Float32Array(HISTORY_FRAMES);
  /** Place of the next sample in the history. */
  #end = SEARCH_LAGS;
  /** Samples brought since the last track. */
  #news = 0;
  #heard = 0;
  #isSilent = true;

  constructor(lags: number, kernel?: 'wasm' | 'plain') {
    this.#lags = lags;
    this.#tracker = (kernel === 'plain' ? null : createWasmTracker(lags)) ?? new PlainTracker(lags);
  }

  /** Takes the next sample; at most NEWS_FRAMES_MAX between two calls of {@link track}. */
  bring(samples: Float64Array): void {
    const sample = samples[0] ?? 0;
    const heard = sample > QUIET || sample < -QUIET ? sample : 0;
    const end = this.#end;
    this.#tracker.memory[HISTORY_AT + end] = heard;
    this.#energies[end] = DECAY * (this.#energies[end - 1] ?? 0) + heard * heard;
    this.#end = end + 1;
    this.#news++;
  }

  /** Brings the samples since the last call into the correlations. */
  track(): void {
    const frames = this.#news;
    if (frames === 0) return;
    const memory = this.#tracker.memory;
    this.#news = 0;
    this.#heard = Math.min(this.#heard + frames, SEARCH_LAGS);
    const isSilent = (this.#energies[this.#end - 1] ?? 0) < SILENT_ENERGY;
    if (isSilent && !this.#isSilent) memory.fill(0, CORRELATIONS_AT, CORRELATIONS_AT + SEARCH_LAGS);
    this.#isSilent = isSilent;
    if (!isSilent) {
      let weight = 1;
      for (let j = frames - 1; j >= 0; j--) {
        memory[WEIGHTS_AT + j] = weight * (memory[HISTORY_AT + this.#end - frames + j] ?? 0);
        weight *= DECAY;
      }
      memory[WEIGHTS_AT - 1] = weight;
      this.#tracker.track(this.#end - frames, frames);
    }
    if (this.#end + NEWS_FRAMES_MAX > HISTORY_FRAMES) this.#moveBack();
  }

  /** Finds the {@link candidates} among lags of at least `leastLag`: peaks of the normalised correlation. */
  find(leastLag: number): void {
    const { candidates } = this;
    const memory = this.#tracker.memory;
    const newest = this.#end - 1;
    const energy = this.#energies[newest] ?? 0;
    candidates.fill(0);
    this.#scores.fill(0);
    if (energy < SILENT_ENERGY) return;
    const most = Math.min(this.#lags - 1, this.#heard - 1);
    const zero = CORRELATIONS_AT + SEARCH_LAGS;
    for (let lag = leastLag; lag <= most; lag++) {
      const sum = memory[zero - lag] ?? 0;
      if (sum <= 0 || (memory[zero - lag + 1] ?? 0) > sum || (memory[zero - lag - 1] ?? 0) > sum) continue;
      const there = energy * (this.#energies[newest - lag] ?? 0);
      // A place of a thousandth of the energy is no repetition, whatever it correlates like.
      if (sum * sum > (this.#scores[CANDIDATES - 1] ?? 0) * there && there > 1e-6 * energy * energy)
        this.#insert(lag, newest);
    }
  }

  /** Only whole numbers are handed over: a fraction would be boxed. */
  #insert(lag: number, newest: number): void {
    const { candidates } = this;
    const scores = this.#scores;
    const sum = this.#tracker.memory[CORRELATIONS_AT + SEARCH_LAGS - lag] ?? 0;
    const score = (sum * sum) / ((this.#energies[newest] ?? 0) * (this.#energies[newest - lag] ?? 0));
    let at = CANDIDATES - 1;
    for (; at > 0 && (scores[at - 1] ?? 0) < score; at--) {
      scores[at] = scores[at - 1] ?? 0;
      candidates[at] = candidates[at - 1] ?? 0;
    }
    scores[at] = score;
    candidates[at] = lag;
  }

  clear(): void {
    this.#tracker.memory.fill(0);
    this.#energies.fill(0);
    this.#end = SEARCH_LAGS;
    this.#news = 0;
    this.#heard = 0;
    this.#isSilent = true;
  }

  #moveBack(): void {
    const from = this.#end - SEARCH_LAGS;
    this.#tracker.memory.copyWithin(HISTORY_AT, HISTORY_AT + from, HISTORY_AT + this.#end);
    this.#energies.copyWithin(0, from, this.#end);
    this.#end = SEARCH_LAGS;
  }
}
