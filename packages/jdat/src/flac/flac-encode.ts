import { md5 } from '@noble/hashes/legacy.js';
import { integerBytes } from '../integer-pcm.ts';
import { encodeFlacFrame } from './frame-encode.ts';

/** Samples of a block; libFLAC's default. */
const BLOCK_FRAMES = 4096;
const HEADER_BYTES = 42;

/**
 * A FLAC file (RFC 9639) of one channel, written as the sound comes: {@link add} and {@link end} give the bytes that follow; the
 * first 42 of the file are {@link header}, known at the end. A reader of the file without it finds the sound all the same.
 */
export class FlacEncoder {
  readonly #bits: 16 | 24;
  readonly #sampleRateHz: number;
  readonly #md5 = md5.create();
  readonly #block = new Int32Array(BLOCK_FRAMES);
  #filled = 0;
  #blocks = 0;
  #samples = 0;
  #frameBytesMin = 0;
  #frameBytesMax = 0;

  constructor(format: { readonly bits: 16 | 24; readonly sampleRateHz: number }) {
    this.#bits = format.bits;
    this.#sampleRateHz = format.sampleRateHz;
  }

  add(samples: Int32Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + BLOCK_FRAMES - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK_FRAMES) frames.push(this.#finishBlock());
    }
    return frames;
  }

  end(): Uint8Array[] {
    return this.#filled > 0 ? [this.#finishBlock()] : [];
  }

  #finishBlock(): Uint8Array {
    const samples = this.#block.subarray(0, this.#filled);
    this.#filled = 0;
    this.#samples += samples.length;
    this.#md5.update(integerBytes(samples, this.#bits));
    const frame = encodeFlacFrame({
      samples,
      bits: this.#bits,
      sampleRateHz: this.#sampleRateHz,
      place: { by: 'frame', number: this.#blocks++ },
    });
    this.#frameBytesMin = this.#blocks === 1 ? frame.length : Math.min(this.#frameBytesMin, frame.length);
    this.#frameBytesMax = Math.max(this.#frameBytesMax, frame.length);
    return frame;
  }

  /** "fLaC" and the STREAMINFO block (§8.2) of the blocks so far: to be written first as a place, and again after {@link end}. */
  header(): Uint8Array {
    const bytes = new Uint8Array(HEADER_BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0x664c6143);
    view.setUint32(4, 0x80000022); // last block, STREAMINFO, 34 bytes
    view.setUint16(8, BLOCK_FRAMES);
    view.setUint16(10, BLOCK_FRAMES);
    view.setUint32(12, this.#frameBytesMin * 256);
    view.setUint32(15, this.#frameBytesMax * 256);
    // 20 bits rate, 3 bits channels − 1, 5 bits width − 1, 36 bits samples
    const samplesHigh = Math.floor(this.#samples / 2 ** 32) & 15;
    view.setUint32(18, ((this.#sampleRateHz << 12) | ((this.#bits - 1) << 4) | samplesHigh) >>> 0);
    view.setUint32(22, this.#samples >>> 0);
    bytes.set(this.#md5.clone().digest(), 26);
    return bytes;
  }
}
