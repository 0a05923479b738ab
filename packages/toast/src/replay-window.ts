import { REPLAY_WINDOW_BITS } from './limits.ts';

/** Takes each sequence number once, within {@link REPLAY_WINDOW_BITS} of the newest (as RFC 6479). */
export class ReplayWindow {
  readonly #seen = new Uint32Array(REPLAY_WINDOW_BITS / 32);
  #newest = -1;

  /** Whether the number is new: to be asked before the costly check of its seal. */
  isFresh(sequence: number): boolean {
    if (sequence > this.#newest) return true;
    if (sequence <= this.#newest - REPLAY_WINDOW_BITS) return false;
    const bit = sequence % REPLAY_WINDOW_BITS;
    return (((this.#seen[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 0;
  }

  /** Marks an authenticated number as used. */
  accept(sequence: number): void {
    if (sequence > this.#newest) this.#advance(sequence);
    const bit = sequence % REPLAY_WINDOW_BITS;
    this.#seen[bit >>> 5] = (this.#seen[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  #advance(sequence: number): void {
    if (sequence - this.#newest >= REPLAY_WINDOW_BITS) this.#seen.fill(0);
    else for (let n = this.#newest + 1; n < sequence; n++) this.#clear(n % REPLAY_WINDOW_BITS);
    this.#clear(sequence % REPLAY_WINDOW_BITS);
    this.#newest = sequence;
  }

  #clear(bit: number): void {
    this.#seen[bit >>> 5] = (this.#seen[bit >>> 5] ?? 0) & ~(1 << (bit & 31));
  }
}
