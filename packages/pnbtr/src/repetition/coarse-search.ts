// realtime
import {
  CORRELATIONS_AT,
  ENERGIES_AT,
  FLOOR_AT,
  HISTORY_AT,
  HISTORY_FRAMES,
  NEWS_FRAMES_MAX,
  SCORE_AT,
  SEARCH_LAGS,
  TEMPLATE_FRAMES,
  WEIGHTS_AT,
} from './layout.ts';
import type { Tracker } from './tracker.ts';

/** Places that the coarse search hands on. */
export const CANDIDATES = 3;
/** Decimated samples below this are taken as silence, so that no product is denormal. */
const QUIET = 1e-9;
/** A place of a thousandth of the energy is no repetition, whatever it correlates like. */
const LEAST_ENERGY = 1e-6;
/** The scan rounds to float32: it lets through a little more than counts. */
const SCAN_SLACK = 0.99999;
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
  /** Place of the next sample in the history. */
  #end = SEARCH_LAGS;
  /** Samples brought since the last track. */
  #news = 0;
  #heard = 0;
  #isSilent = true;

  constructor(lags: number, tracker: Tracker) {
    this.#lags = lags;
    this.#tracker = tracker;
  }

  /** Takes the next sample; at most NEWS_FRAMES_MAX between two calls of {@link track}. */
  bring(samples: Float64Array): void {
    const sample = samples[0] ?? 0;
    const heard = sample > QUIET || sample < -QUIET ? sample : 0;
    const end = this.#end;
    const { memory } = this.#tracker;
    memory[HISTORY_AT + end] = heard;
    memory[ENERGIES_AT + end] = DECAY * (memory[ENERGIES_AT + end - 1] ?? 0) + heard * heard;
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
    const isSilent = (memory[ENERGIES_AT + this.#end - 1] ?? 0) < SILENT_ENERGY;
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
    const newest = ENERGIES_AT + this.#end - 1;
    const energy = memory[newest] ?? 0;
    candidates.fill(0);
    this.#scores.fill(0);
    if (energy < SILENT_ENERGY) return;
    const zero = CORRELATIONS_AT + SEARCH_LAGS;
    const bottom = zero - Math.min(this.#lags - 1, this.#heard - 1);
    const toEnergy = newest - zero;
    memory[FLOOR_AT] = LEAST_ENERGY * energy;
    let at = zero - leastLag - 3;
    while (at > bottom - 4) {
      memory[SCORE_AT] = SCAN_SLACK * energy * (this.#scores[CANDIDATES - 1] ?? 0);
      at = this.#tracker.scan(at, bottom - 3, toEnergy);
      for (let u = at + 3; u >= at && u >= bottom; u--) this.#consider(u, newest, toEnergy);
      at -= 4;
    }
  }

  /** Takes the correlation at place `u` among the candidates if it is a peak and better than the last of them. */
  #consider(u: number, newest: number, toEnergy: number): void {
    const { memory } = this.#tracker;
    const sum = memory[u] ?? 0;
    if (sum <= 0 || (memory[u + 1] ?? 0) > sum || (memory[u - 1] ?? 0) > sum) return;
    const energy = memory[newest] ?? 0;
    const there = memory[u + toEnergy] ?? 0;
    if (!(there > LEAST_ENERGY * energy) || sum * sum <= (this.#scores[CANDIDATES - 1] ?? 0) * energy * there)
      return;
    const { candidates } = this;
    const scores = this.#scores;
    const score = (sum * sum) / (energy * there);
    let at = CANDIDATES - 1;
    for (; at > 0 && (scores[at - 1] ?? 0) < score; at--) {
      scores[at] = scores[at - 1] ?? 0;
      candidates[at] = candidates[at - 1] ?? 0;
    }
    scores[at] = score;
    candidates[at] = CORRELATIONS_AT + SEARCH_LAGS - u;
  }

  clear(): void {
    this.#tracker.memory.fill(0);
    this.#end = SEARCH_LAGS;
    this.#news = 0;
    this.#heard = 0;
    this.#isSilent = true;
  }

  #moveBack(): void {
    const from = this.#end - SEARCH_LAGS;
    this.#tracker.memory.copyWithin(HISTORY_AT, HISTORY_AT + from, HISTORY_AT + this.#end);
    this.#tracker.memory.copyWithin(ENERGIES_AT, ENERGIES_AT + from, ENERGIES_AT + this.#end);
    this.#end = SEARCH_LAGS;
  }
}
