import { EventQueue } from './event-queue.ts';

/** A timer wakes this much early, and the rest is polled: timers alone are a millisecond coarse. */
const POLL_MS = 1.5;

/** Lets datagrams go on after a delay, to about 0.05 ms, in the order in which they are due. */
export class DelayLine {
  readonly #queue = new EventQueue();
  #waiting = 0;
  #isPolling = false;
  #isClosed = false;

  after(delayMs: number, pass: () => void): void {
    this.#waiting++;
    this.#queue.at((performance.now() + delayMs) * 1000, () => {
      this.#waiting--;
      pass();
    });
    if (!this.#isPolling) this.#poll();
  }

  close(): void {
    this.#isClosed = true;
  }

  readonly #poll = (): void => {
    if (!this.#isClosed) this.#queue.runUntil(performance.now() * 1000);
    this.#isPolling = this.#waiting > 0 && !this.#isClosed;
    if (!this.#isPolling) return;
    const restMs = this.#queue.nextUs / 1000 - performance.now();
    if (restMs > POLL_MS) setTimeout(this.#poll, restMs - POLL_MS);
    else setImmediate(this.#poll);
  };
}
