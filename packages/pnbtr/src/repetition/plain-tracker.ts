// realtime
import {
  CORRELATIONS_AT,
  FLOOR_AT,
  HISTORY_AT,
  PAST_AT,
  RESULT_AT,
  SCORE_AT,
  SEARCH_LAGS,
  WEIGHTS_AT,
} from './layout.ts';
import type { Tracker } from './tracker.ts';

/** The tracker in plain TypeScript, rounded to float32 as its twin's lanes are. */
export class PlainTracker implements Tracker {
  readonly memory: Float32Array;
  readonly #lags: number;

  constructor(lags: number, pastFrames: number) {
    this.#lags = lags;
    this.memory = new Float32Array(PAST_AT + pastFrames);
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

  scan(top: number, bottom: number, toEnergy: number): number {
    const memory = this.memory;
    const score = memory[SCORE_AT] ?? 0;
    const floor = memory[FLOOR_AT] ?? 0;
    for (let at = top; at >= bottom; at -= 4) {
      for (let u = at; u < at + 4; u++) {
        const sum = memory[u] ?? 0;
        const energy = memory[u + toEnergy] ?? 0;
        if (sum > 0 && sum * sum > score * energy && energy > floor) return at;
      }
    }
    return bottom - 4;
  }

  multiply(a: number, b: number, frames: number): void {
    const memory = this.memory;
    let sum = 0;
    for (let i = 0; i < frames; i++) sum += (memory[a + i] ?? 0) * (memory[b + i] ?? 0);
    memory.fill(0, RESULT_AT, RESULT_AT + 4);
    memory[RESULT_AT] = sum;
  }
}
