/** Bytes of messages that come or wait for their turn, of all nodes together: four of forty results of 64 KiB. */
export const WAITING_BYTES_MAX = 12 * 1024 * 1024;

/** A socket, as far as reading from it can be held up. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * What all connections hold of messages that were not handled yet. A long message has its place from its first block on; where
 * there is none, the rest of it stays with the node until there is. A short one is counted once it is there, and beyond the limit
 * its sender is not read from until half is done. A node that is slow to send, or never ends, holds nobody up for long:
 * whoever waited for two of {@link tick} is read from all the same.
 */
export class FrameBudget {
  readonly #bytesMax: number;
  /** First come, first read again; with the bytes that each needs a place for. */
  readonly #paused = new Map<Pausable, { readonly bytes: number; readonly tick: number }>();
  /** Long messages that have their place and are not whole. */
  readonly #coming = new Map<Pausable, number>();
  #bytes = 0;
  #tick = 0;

  constructor(bytesMax = WAITING_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A long message begins. When it is whole say {@link whole}, and {@link give} once it was handled. */
  begin(bytes: number, from: Pausable): void {
    if (this.#fits(bytes) || this.#paused.has(from)) this.#place(bytes, from);
    else this.#pause(bytes, from);
  }

  whole(from: Pausable): void {
    this.#coming.delete(from);
    const paused = this.#paused.get(from);
    if (paused === undefined || paused.bytes === 0) return;
    // It came in one piece: nothing is left to hold back, and it is counted like a short one.
    this.#bytes += paused.bytes;
    this.#paused.set(from, { ...paused, bytes: 0 });
  }

  /** A short message has come. */
  take(bytes: number, from: Pausable): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#bytesMax) this.#pause(0, from);
  }

  /** It was handled, or will never be. */
  give(bytes: number): void {
    this.#bytes -= bytes;
    for (const [socket, { bytes: needed }] of this.#paused) {
      if (!this.#fits(needed)) return;
      this.#resume(socket, needed);
    }
  }

  /** Call it a few times a second. */
  tick(): void {
    this.#tick++;
    for (const [socket, { bytes, tick }] of this.#paused)
      if (bytes > 0 && this.#tick - tick >= 2) this.#resume(socket, bytes);
  }

  /** The connection is over. */
  forget(socket: Pausable): void {
    this.#paused.delete(socket);
    const coming = this.#coming.get(socket);
    this.#coming.delete(socket);
    if (coming !== undefined) this.give(coming);
  }

  #fits(bytes: number): boolean {
    if (this.#bytes === 0) return true;
    return bytes > 0 ? this.#bytes + bytes <= this.#bytesMax : this.#bytes <= this.#bytesMax / 2;
  }

  #place(bytes: number, from: Pausable): void {
    this.#bytes += bytes;
    this.#coming.set(from, bytes);
  }

  #pause(bytes: number, from: Pausable): void {
    if (this.#paused.has(from)) return;
    this.#paused.set(from, { bytes, tick: this.#tick });
    from.pause();
  }

  #resume(socket: Pausable, bytes: number): void {
    this.#paused.delete(socket);
    if (bytes > 0) this.#place(bytes, socket);
    socket.resume();
  }
}
