// realtime
import { CORRELATIONS_AT, HISTORY_AT, MEMORY_FRAMES, SEARCH_LAGS, WEIGHTS_AT } from './layout.ts';
import type { Tracker } from './tracker.ts';

/** The tracker in plain TypeScript, rounded to float32 as its twin's lanes are. */
export class PlainTracker implements Tracker {
  readonly memory = new Float32Array(MEMORY_FRAMES);
  readonly #lags: number;

  constructor(lags: number) {
    this.#lags = lags;
  }

  track(newest: number, frames: number): void {
    const memory = this.memory;
    const decay = memory[WEIGHTS_AT - 1] ?? 0;
    for (let u = SEARCH_LAGS - this.#lags; u < SEARCH_LAGS; u++) {
      let sum = Math.fround(decay * (memory[CORRELATIONS_AT + u] ?? 0));
      const from = HISTORY_AT + newest - SEARCH_LAGS + u;
      for (let j = 0; j < frames; j++) {
        sum = Math.fround(sum + Math.fround((memory[WEIGHTS_AT + j] ?? 0) * (memory[from + j] ?? 0)));
      }
      memory[CORRELATIONS_AT + u] = sum;
    }
  }
}
