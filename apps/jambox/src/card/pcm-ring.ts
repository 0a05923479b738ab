// realtime
/** Places in the ring's control words. */
const HEAD = 0;
const TAIL = 1;
/** Asked by the reader: 1 since the room runs. */
const STARTED = 2;
/** Said by the writer: there will be no more. */
const ENDED = 3;
/** Said by the writer: it once had more than fitted. */
const FULL = 4;
/** Said by the reader: frames that found no room. */
const DROPPED = 5;
const CONTROL_BYTES = 64;
/** A power of two: 1.4 s at 48 kHz, twice what a pipe holds back. */
export const PCM_RING_FRAMES = 65_536;
const MASK = PCM_RING_FRAMES - 1;

/** One writer, one reader, on two threads: 16-bit frames between a pipe and the engine. Counters wrap at 2³² together. */
export class PcmRing {
  readonly buffer: SharedArrayBuffer;
  readonly #control: Int32Array;
  readonly #frames: Int16Array;

  constructor(buffer = new SharedArrayBuffer(CONTROL_BYTES + 2 * PCM_RING_FRAMES)) {
    this.buffer = buffer;
    this.#control = new Int32Array(buffer, 0, CONTROL_BYTES / 4);
    this.#frames = new Int16Array(buffer, CONTROL_BYTES);
  }

  get filled(): number {
    return (Atomics.load(this.#control, HEAD) - Atomics.load(this.#control, TAIL)) | 0;
  }

  get room(): number {
    return PCM_RING_FRAMES - this.filled;
  }

  get hasBeenFull(): boolean {
    return Atomics.load(this.#control, FULL) === 1;
  }

  get isEnded(): boolean {
    return Atomics.load(this.#control, ENDED) === 1;
  }

  get isStarted(): boolean {
    return Atomics.load(this.#control, STARTED) === 1;
  }

  get dropped(): number {
    return Atomics.load(this.#control, DROPPED);
  }

  start(): void {
    Atomics.store(this.#control, STARTED, 1);
  }

  end(): void {
    Atomics.store(this.#control, ENDED, 1);
  }

  noteFull(): void {
    Atomics.store(this.#control, FULL, 1);
  }

  noteDropped(frames: number): void {
    Atomics.add(this.#control, DROPPED, frames);
  }

  /** Takes what fits; answers how much. */
  write(from: Int16Array): number {
    const fitting = Math.min(from.length, this.room);
    const head = Atomics.load(this.#control, HEAD);
    for (let i = 0; i < fitting; i++) this.#frames[(head + i) & MASK] = from[i] ?? 0;
    Atomics.store(this.#control, HEAD, (head + fitting) | 0);
    return fitting;
  }

  /** Gives what there is, at most `to.length`; answers how much. */
  read(to: Int16Array): number {
    const there = Math.min(to.length, this.filled);
    const tail = Atomics.load(this.#control, TAIL);
    for (let i = 0; i < there; i++) to[i] = this.#frames[(tail + i) & MASK] ?? 0;
    Atomics.store(this.#control, TAIL, (tail + there) | 0);
    return there;
  }

  /** The reader forgets all but the newest `frames`. */
  keepNewest(frames: number): void {
    const head = Atomics.load(this.#control, HEAD);
    Atomics.store(this.#control, TAIL, (head - Math.min(frames, this.filled)) | 0);
  }
}
