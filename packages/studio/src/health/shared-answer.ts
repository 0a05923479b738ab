import type { HealthClock } from './health-check.ts';

/** An answer is as good as new for so long: however many ask, the parts are looked at once a second. */
export const ANSWER_MS_MAX = 1_000;

/** One answer for all who ask while it is looked for, and for a second afterwards. */
export class SharedAnswer<T> {
  readonly #look: () => Promise<T>;
  readonly #clock: HealthClock;
  #answer: Promise<T> | null = null;
  /** When the answer came; null while it is looked for. */
  #sinceMs: number | null = null;

  constructor(look: () => Promise<T>, clock: HealthClock) {
    this.#look = look;
    this.#clock = clock;
  }

  ask(): Promise<T> {
    const isOld = this.#sinceMs !== null && this.#clock.nowMs() - this.#sinceMs >= ANSWER_MS_MAX;
    if (this.#answer === null || isOld) {
      this.#sinceMs = null;
      this.#answer = this.#look().finally(() => {
        this.#sinceMs = this.#clock.nowMs();
      });
    }
    return this.#answer;
  }
}
