// realtime
import { JITTER_SLOTS } from './limits.ts';

/** What a slot holds: nothing, the packet from its own datagram, or from a copy in a later one. */
export const FATE = { missing: 0, own: 1, copy: 2 } as const;
export type Fate = (typeof FATE)[keyof typeof FATE];

/** Answer of {@link JitterBuffer.put}. */
export const PUT = { fresh: 0, duplicate: 1, stale: 2 } as const;
export type Put = (typeof PUT)[keyof typeof PUT];

/**
 * Packets of one stream by index, the recent past included, so that what came too late for the ear still
 * reaches the take. Allocates in the constructor only.
 */
export class JitterBuffer {
  readonly packetFrames: number;
  readonly #samples: Int16Array;
  readonly #index = new Float64Array(JITTER_SLOTS).fill(-1);
  readonly #fate = new Uint8Array(JITTER_SLOTS);
  readonly #arrivedUs = new Float64Array(JITTER_SLOTS);
  #newest = -1;

  constructor(packetFrames: number) {
    this.packetFrames = packetFrames;
    this.#samples = new Int16Array(JITTER_SLOTS * packetFrames);
  }

  /** Highest index taken, or −1. */
  get newest(): number {
    return this.#newest;
  }

  /** Reads `packetFrames` little-endian samples at byte `at` of `source` into slot `index` unless it is filled. */
  put(index: number, source: DataView, at: number, fate: Fate, nowUs: number): Put {
    if (index < 0 || index <= this.#newest - JITTER_SLOTS) return PUT.stale;
    const slot = index % JITTER_SLOTS;
    if (this.#index[slot] === index) {
      if (fate === FATE.own) this.#fate[slot] = FATE.own;
      return PUT.duplicate;
    }
    const start = slot * this.packetFrames;
    for (let i = 0; i < this.packetFrames; i++) this.#samples[start + i] = source.getInt16(at + 2 * i, true);
    this.#index[slot] = index;
    this.#fate[slot] = fate;
    this.#arrivedUs[slot] = nowUs;
    if (index > this.#newest) this.#newest = index;
    return PUT.fresh;
  }

  fateOf(index: number): Fate {
    const slot = index % JITTER_SLOTS;
    if (index < 0 || this.#index[slot] !== index) return FATE.missing;
    return this.#fate[slot] === FATE.own ? FATE.own : FATE.copy;
  }

  /** When the first copy of the packet came, on the clock given to {@link put}; −1 when none did. */
  arrivedUs(index: number): number {
    const slot = index % JITTER_SLOTS;
    return index >= 0 && this.#index[slot] === index ? (this.#arrivedUs[slot] ?? -1) : -1;
  }

  /** Copies the packet as floats in [−1, 1) into `out`; false, and `out` untouched, when it is not there. */
  read(index: number, out: Float32Array): boolean {
    const slot = index % JITTER_SLOTS;
    if (index < 0 || this.#index[slot] !== index) return false;
    const start = slot * this.packetFrames;
    for (let i = 0; i < this.packetFrames; i++) out[i] = (this.#samples[start + i] ?? 0) / 32768;
    return true;
  }

  /** A copy of the packet's samples for recording, or `null`. */
  samplesOf(index: number): Int16Array | null {
    const slot = index % JITTER_SLOTS;
    if (index < 0 || this.#index[slot] !== index) return null;
    return this.#samples.slice(slot * this.packetFrames, (slot + 1) * this.packetFrames);
  }
}
