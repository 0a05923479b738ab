// realtime
import { JITTER_SLOTS } from '../limits.ts';
import { SamplePacker } from '../payload/pack-samples.ts';
import { readPcm, writePcm } from '../payload/pcm-bytes.ts';

/** What a slot holds: nothing, the packet from its own datagram, or from a copy or repair in a later one. */
export const FATE = { missing: 0, own: 1, copy: 2 } as const;
export type Fate = (typeof FATE)[keyof typeof FATE];

/** Answer of {@link JitterBuffer.put}. */
export const PUT = { fresh: 0, duplicate: 1, stale: 2, malformed: 3 } as const;
export type Put = (typeof PUT)[keyof typeof PUT];

/**
 * Packets of one stream by index, the recent past included, so that what came too late for the ear still
 * reaches the take. Samples of 16 or 24 bits. Allocates in the constructor only.
 */
export class JitterBuffer {
  readonly packetFrames: number;
  readonly #samples: Int32Array;
  readonly #unpacked: Int32Array;
  readonly #packer = new SamplePacker();
  readonly #index = new Float64Array(JITTER_SLOTS).fill(-1);
  readonly #fate = new Uint8Array(JITTER_SLOTS);
  readonly #width = new Uint8Array(JITTER_SLOTS);
  readonly #arrivedUs = new Float64Array(JITTER_SLOTS);
  #newest = -1;

  constructor(packetFrames: number) {
    this.packetFrames = packetFrames;
    this.#samples = new Int32Array(JITTER_SLOTS * packetFrames);
    this.#unpacked = new Int32Array(packetFrames);
  }

  /** Highest index taken, or −1. */
  get newest(): number {
    return this.#newest;
  }

  /** Reads a packet of little-endian samples of `width` bytes at byte `at` into slot `index` unless it is filled. */
  put(index: number, source: Uint8Array, at: number, width: number, fate: Fate, nowUs: number): Put {
    const put = this.#place(index, fate);
    if (put !== PUT.fresh) return put;
    readPcm(source, at, width, this.#samples, this.#start(index), this.packetFrames);
    this.#fill(index, width, fate, nowUs);
    return PUT.fresh;
  }

  /** As {@link put}, from `bytes` bytes in packed form. */
  putPacked(
    index: number,
    source: Uint8Array,
    at: number,
    bytes: number,
    width: number,
    fate: Fate,
    nowUs: number,
  ): Put {
    const put = this.#place(index, fate);
    if (put !== PUT.fresh) return put;
    if (!this.#packer.unpack(source, at, bytes, width, this.#unpacked, 0, this.packetFrames))
      return PUT.malformed;
    const start = this.#start(index);
    for (let i = 0; i < this.packetFrames; i++) this.#samples[start + i] = this.#unpacked[i] ?? 0;
    this.#fill(index, width, fate, nowUs);
    return PUT.fresh;
  }

  #start(index: number): number {
    return (index % JITTER_SLOTS) * this.packetFrames;
  }

  #place(index: number, fate: Fate): Put {
    if (index < 0 || index <= this.#newest - JITTER_SLOTS) return PUT.stale;
    const slot = index % JITTER_SLOTS;
    if (this.#index[slot] !== index) return PUT.fresh;
    if (fate === FATE.own) this.#fate[slot] = FATE.own;
    return PUT.duplicate;
  }

  #fill(index: number, width: number, fate: Fate, nowUs: number): void {
    const slot = index % JITTER_SLOTS;
    this.#index[slot] = index;
    this.#fate[slot] = fate;
    this.#width[slot] = width;
    this.#arrivedUs[slot] = nowUs;
    if (index > this.#newest) this.#newest = index;
  }

  has(index: number): boolean {
    return index >= 0 && this.#index[index % JITTER_SLOTS] === index;
  }

  /** Writes the packet's PCM bytes as they were sent to `target` at 0; nothing when it is not there. */
  bytesInto(index: number, target: Uint8Array): void {
    if (!this.has(index)) return;
    const width = this.#width[index % JITTER_SLOTS] ?? 2;
    if (target.length < width * this.packetFrames) return;
    writePcm(this.#samples, this.#start(index), this.packetFrames, width, target, 0);
  }

  fateOf(index: number): Fate {
    if (!this.has(index)) return FATE.missing;
    return this.#fate[index % JITTER_SLOTS] === FATE.own ? FATE.own : FATE.copy;
  }

  /** When the first copy of the packet came, on the clock given to {@link put}; −1 when none did. */
  arrivedUs(index: number): number {
    return this.has(index) ? (this.#arrivedUs[index % JITTER_SLOTS] ?? -1) : -1;
  }

  /** Copies the packet as floats in [−1, 1) into `out`; false, and `out` untouched, when it is not there. */
  read(index: number, out: Float32Array): boolean {
    if (!this.has(index)) return false;
    const start = this.#start(index);
    const scale = this.#width[index % JITTER_SLOTS] === 3 ? 8_388_608 : 32_768;
    for (let i = 0; i < this.packetFrames; i++) out[i] = (this.#samples[start + i] ?? 0) / scale;
    return true;
  }

  /** Largest magnitude of the packet's samples, full scale 1. */
  peakOf(index: number): number {
    const start = this.#start(index);
    let peak = 0;
    for (let i = 0; i < this.packetFrames; i++)
      peak = Math.max(peak, Math.abs(this.#samples[start + i] ?? 0));
    return peak / (this.#width[index % JITTER_SLOTS] === 3 ? 8_388_608 : 32_768);
  }

  /** A copy of the packet's samples for recording, as signed integers of {@link bitsOf} bits, or `null`. */
  integersOf(index: number): Int32Array | null {
    if (!this.has(index)) return null;
    return this.#samples.slice(this.#start(index), this.#start(index) + this.packetFrames);
  }

  /** Copies the packet as signed integers of 16 bits into `out`, 24 bits cut; false, and `out` untouched, when it is not there. */
  copy16(index: number, out: Int16Array): boolean {
    if (!this.has(index)) return false;
    const start = this.#start(index);
    const shift = this.bitsOf(index) - 16;
    for (let i = 0; i < this.packetFrames; i++) out[i] = (this.#samples[start + i] ?? 0) >> shift;
    return true;
  }

  /** Bits of the packet's samples, 16 or 24. */
  bitsOf(index: number): 16 | 24 {
    return this.has(index) && this.#width[index % JITTER_SLOTS] === 3 ? 24 : 16;
  }
}
