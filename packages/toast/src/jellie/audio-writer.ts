// realtime
import { assert } from '@jamnet/base';
import { COPY_OFFSET_MAX, DATAGRAM_BYTES_MAX } from '../limits.ts';
import { SamplePacker } from '../payload/pack-samples.ts';
import { writePcm } from '../payload/pcm-bytes.ts';
import {
  CODING,
  ENVELOPE_BYTES,
  FORMAT,
  MIXED_ENTRY_BYTES,
  MIXED_FIXED_BYTES,
  PLAIN_ENTRY_BYTES,
  PLAIN_FIXED_BYTES,
} from '../wire/audio-layout.ts';
import { addScaled, coefficient } from './gf256.ts';
import type { RedundancyPlan } from './redundancy-plan.ts';

const HISTORY = COPY_OFFSET_MAX + 1;

export interface WriterOptions {
  readonly frames: number;
  readonly sampleBytes: 2 | 3;
  /** Pack blocks losslessly where that makes them smaller. */
  readonly mayPack: boolean;
  /** Bytes of a whole datagram by bytes of its packet's samples: copies beyond it are left out. */
  readonly bandwidthMax?: number;
}

/**
 * Writes JELLIE bodies: keeps the last packets, plain and packed, and lays out what a plan wants of them. Allocates in
 * the constructor only.
 */
export class AudioWriter {
  readonly frames: number;
  readonly sampleBytes: 2 | 3;
  readonly #mayPack: boolean;
  readonly #bodyBytesMax: number;
  readonly #blockBytes: number;
  readonly #samples: Int32Array;
  readonly #pcm: Uint8Array;
  readonly #packed: Uint8Array;
  /** Bytes of each packet's packed form, 0 where it is no shorter. */
  readonly #packedBytes = new Uint16Array(HISTORY);
  readonly #packer = new SamplePacker();
  /** Offsets that the datagram in work carries. */
  readonly #carried = new Uint8Array(HISTORY);
  #carriedCount = 0;
  /** Bytes of the packets kept, packed and not, with forgetting. */
  #pcmBytes = 0;
  #storedBytes = 0;

  constructor(options: WriterOptions) {
    this.frames = options.frames;
    this.sampleBytes = options.sampleBytes;
    this.#mayPack = options.mayPack;
    this.#blockBytes = options.frames * options.sampleBytes;
    const cap = options.bandwidthMax ?? Number.POSITIVE_INFINITY;
    this.#bodyBytesMax = Math.min(DATAGRAM_BYTES_MAX, Math.floor(cap * this.#blockBytes)) - ENVELOPE_BYTES;
    this.#samples = new Int32Array(options.frames);
    this.#pcm = new Uint8Array(HISTORY * this.#blockBytes);
    this.#packed = new Uint8Array(HISTORY * this.#blockBytes);
  }

  /** Keeps packet `index`; samples are signed integers of the writer's width. */
  keep(index: number, samples: Int16Array | Int32Array): void {
    assert(samples.length === this.frames, 'a packet has its frames');
    const slot = index % HISTORY;
    for (let i = 0; i < this.frames; i++) this.#samples[i] = samples[i] ?? 0;
    const at = slot * this.#blockBytes;
    writePcm(this.#samples, 0, this.frames, this.sampleBytes, this.#pcm, at);
    this.#packedBytes[slot] = this.#mayPack
      ? this.#packer.pack(
          this.#samples,
          0,
          this.frames,
          this.sampleBytes,
          this.#packed,
          at,
          this.#blockBytes - 1,
        )
      : 0;
    this.#pcmBytes = 0.999 * this.#pcmBytes + this.#blockBytes;
    this.#storedBytes = 0.999 * this.#storedBytes + this.#bytesOf(index);
  }

  /**
   * Writes the body of datagram `sequence`; packets from `end` on do not exist. Answers its length, 0 when there is
   * nothing to carry. Copies that do not fit one datagram are left out, the farthest first.
   */
  write(target: Uint8Array, sequence: number, end: number, plan: RedundancyPlan, sentAtUs: number): number {
    const isCoded = plan.scheme === 'coded';
    const covered = isCoded ? this.#countCovered(sequence, end, plan) : 0;
    const symbols = Math.min(isCoded ? plan.symbols : 0, covered);
    const isPlain = symbols === 0 && this.sampleBytes === 2 && !this.#mayPack;
    const room = this.#bodyBytesMax - symbols * this.#blockBytes - (symbols > 0 ? covered : 0);
    this.#choose(sequence, end, isCoded ? 0 : plan.offsets.length, plan, room, isPlain);
    if (this.#carriedCount + symbols === 0) return 0;
    writeTime(target, sentAtUs);
    target[0] = isPlain ? FORMAT.plain : FORMAT.mixed;
    target[1] = this.#carriedCount;
    target[2] = this.frames >> 8;
    target[3] = this.frames;
    if (isPlain) return this.#writePlain(target, sequence);
    target[12] = this.sampleBytes;
    target[13] = symbols;
    target[14] = symbols > 0 ? covered : 0;
    target[15] = 0;
    return this.#writeMixed(target, sequence, end, plan, symbols);
  }

  /** Bytes of a packet as it is sent by its bytes in PCM, of late. */
  get packedShare(): number {
    return this.#pcmBytes === 0 ? 1 : this.#storedBytes / this.#pcmBytes;
  }

  #countCovered(sequence: number, end: number, plan: RedundancyPlan): number {
    let count = 0;
    for (let i = 0; i < plan.offsets.length; i++) if (exists(sequence - (plan.offsets[i] ?? 0), end)) count++;
    return count;
  }

  #choose(
    sequence: number,
    end: number,
    copies: number,
    plan: RedundancyPlan,
    room: number,
    isPlain: boolean,
  ): void {
    let bytes = isPlain ? PLAIN_FIXED_BYTES : MIXED_FIXED_BYTES;
    this.#carriedCount = 0;
    for (let i = -1; i < copies; i++) {
      const offset = i < 0 ? 0 : (plan.offsets[i] ?? 0);
      if (!exists(sequence - offset, end)) continue;
      bytes += isPlain
        ? PLAIN_ENTRY_BYTES + this.#blockBytes
        : MIXED_ENTRY_BYTES + this.#bytesOf(sequence - offset);
      // The own packet always goes; a cap only limits what is added to it.
      if (bytes > room && this.#carriedCount > 0) return;
      this.#carried[this.#carriedCount++] = offset;
    }
  }

  #bytesOf(index: number): number {
    const packed = this.#packedBytes[index % HISTORY] ?? 0;
    return packed > 0 ? packed : this.#blockBytes;
  }

  #writePlain(target: Uint8Array, sequence: number): number {
    let at = PLAIN_FIXED_BYTES;
    for (let i = 0; i < this.#carriedCount; i++) {
      target[at++] = this.#carried[i] ?? 0;
      target[at++] = 0;
    }
    for (let i = 0; i < this.#carriedCount; i++) {
      const slot = (sequence - (this.#carried[i] ?? 0)) % HISTORY;
      at = copyBytes(this.#pcm, slot * this.#blockBytes, this.#blockBytes, target, at);
    }
    return at;
  }

  #writeMixed(
    target: Uint8Array,
    sequence: number,
    end: number,
    plan: RedundancyPlan,
    symbols: number,
  ): number {
    let at = MIXED_FIXED_BYTES;
    for (let i = 0; i < this.#carriedCount; i++) {
      const index = sequence - (this.#carried[i] ?? 0);
      const bytes = this.#bytesOf(index);
      target[at++] = this.#carried[i] ?? 0;
      target[at++] = (this.#packedBytes[index % HISTORY] ?? 0) > 0 ? CODING.packed : CODING.pcm;
      target[at++] = bytes >> 8;
      target[at++] = bytes;
    }
    if (symbols > 0)
      for (let i = 0; i < plan.offsets.length; i++)
        if (exists(sequence - (plan.offsets[i] ?? 0), end)) target[at++] = plan.offsets[i] ?? 0;
    for (let i = 0; i < this.#carriedCount; i++) {
      const slot = (sequence - (this.#carried[i] ?? 0)) % HISTORY;
      const packed = this.#packedBytes[slot] ?? 0;
      at =
        packed > 0
          ? copyBytes(this.#packed, slot * this.#blockBytes, packed, target, at)
          : copyBytes(this.#pcm, slot * this.#blockBytes, this.#blockBytes, target, at);
    }
    for (let symbol = 0; symbol < symbols; symbol++)
      at = this.#writeSymbol(target, at, sequence, end, plan, symbol);
    return at;
  }

  #writeSymbol(
    target: Uint8Array,
    at: number,
    sequence: number,
    end: number,
    plan: RedundancyPlan,
    symbol: number,
  ): number {
    for (let i = at; i < at + this.#blockBytes; i++) target[i] = 0;
    for (let i = 0; i < plan.offsets.length; i++) {
      const index = sequence - (plan.offsets[i] ?? 0);
      if (!exists(index, end)) continue;
      const factor = coefficient(sequence, symbol, index);
      addScaled(target, at, this.#pcm, (index % HISTORY) * this.#blockBytes, this.#blockBytes, factor);
    }
    return at + this.#blockBytes;
  }
}

function exists(index: number, end: number): boolean {
  return index >= 0 && index < end;
}

function copyBytes(source: Uint8Array, from: number, bytes: number, target: Uint8Array, at: number): number {
  for (let i = 0; i < bytes; i++) target[at + i] = source[from + i] ?? 0;
  return at + bytes;
}

/** 64-bit big-endian µs at byte 4. */
function writeTime(target: Uint8Array, us: number): void {
  const high = Math.floor(us / 4294967296);
  const low = us - high * 4294967296;
  target[4] = high >>> 24;
  target[5] = high >>> 16;
  target[6] = high >>> 8;
  target[7] = high;
  target[8] = low >>> 24;
  target[9] = low >>> 16;
  target[10] = low >>> 8;
  target[11] = low;
}
