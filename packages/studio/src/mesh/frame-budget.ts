/** Bytes of messages that may wait for their turn, of all nodes together: a thousand results of 64 KiB. */
export const WAITING_BYTES_MAX = 64 * 1024 * 1024;

/** A socket, as far as reading from it can be held up. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * What all connections hold of messages that were not handled yet. Beyond the limit whoever sends one more is not read
 * from until half of it is done: the rest stays with the nodes. A message is counted once it is whole, so that each
 * connection may exceed the limit by one.
 */
export class FrameBudget {
  readonly #bytesMax: number;
  readonly #paused = new Set<Pausable>();
  #bytes = 0;

  constructor(bytesMax = WAITING_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A message has come. */
  take(bytes: number, from: Pausable): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#bytesMax || this.#paused.has(from)) return;
    this.#paused.add(from);
    from.pause();
  }

  /** It was handled, or will never be. */
  give(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#paused.size === 0 || this.#bytes > this.#bytesMax / 2) return;
    const paused = [...this.#paused];
    this.#paused.clear();
    for (const socket of paused) socket.resume();
  }

  /** The connection is over. */
  forget(socket: Pausable): void {
    this.#paused.delete(socket);
  }
}
