// realtime
/** Places in the ring's control words. */
const HEAD = 0;
const TAIL = 1;
const STARVED = 2;
const CONTROL_BYTES = 64;
/** Frames of a ring, a power of two: 171 ms at 48 kHz. */
export const RING_FRAMES = 8192;
const MASK = RING_FRAMES - 1;

export function newRingBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + RING_FRAMES * Float32Array.BYTES_PER_ELEMENT);
}

/** One writer, one reader, on two threads: frames of sound through shared memory. Counters wrap at 2³² together. */
export class SharedRing {
  /** For `Atomics.wait` and `waitAsync`: word {@link HEAD} changes with every write. */
  readonly control: Int32Array;
  readonly #frames: Float32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.control = new Int32Array(buffer, 0, CONTROL_BYTES / 4);
    this.#frames = new Float32Array(buffer, CONTROL_BYTES);
  }

  /** Frames written and not yet read. */
  get filled(): number {
    return (Atomics.load(this.control, HEAD) - Atomics.load(this.control, TAIL)) | 0;
  }

  get head(): number {
    return Atomics.load(this.control, HEAD);
  }

  /** Reads that found less than they wanted. */
  get starved(): number {
    return Atomics.load(this.control, STARVED);
  }

  /** All or nothing: false when there is no room. Wakes whoever waits for the head. */
  write(from: Float32Array): boolean {
    if (from.length > RING_FRAMES - this.filled) return false;
    const head = Atomics.load(this.control, HEAD);
    for (let i = 0; i < from.length; i++) this.#frames[(head + i) & MASK] = from[i] ?? 0;
    Atomics.store(this.control, HEAD, (head + from.length) | 0);
    Atomics.notify(this.control, HEAD);
    return true;
  }

  /** All or nothing: otherwise silence, and the place stays. */
  read(to: Float32Array): boolean {
    if (this.filled < to.length) {
      Atomics.add(this.control, STARVED, 1);
      to.fill(0);
      return false;
    }
    const tail = Atomics.load(this.control, TAIL);
    for (let i = 0; i < to.length; i++) to[i] = this.#frames[(tail + i) & MASK] ?? 0;
    Atomics.store(this.control, TAIL, (tail + to.length) | 0);
    return true;
  }

  /** The reader forgets all but the newest `frames`. */
  drop(frames: number): void {
    const head = Atomics.load(this.control, HEAD);
    Atomics.store(this.control, TAIL, (head - Math.min(frames, this.filled)) | 0);
  }
}
