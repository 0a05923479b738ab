import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { integerBytes, type SampleBits, wavHeader } from '@jamnet/jdat';

/** A WAV file of one channel, written as its sound comes and to any place: what nothing was written to is silent. */
export class WavFile {
  readonly file: string;
  readonly #handle: number;
  readonly #format: { readonly sampleRateHz: number; readonly bits: SampleBits };
  #frames = 0;

  constructor(file: string, format: { readonly sampleRateHz: number; readonly bits: SampleBits }) {
    this.file = file;
    this.#format = format;
    this.#handle = openSync(file, 'w');
    // Readers take a file whose size is not known yet as far as it goes.
    this.#write(this.#header(), 0);
  }

  write(samples: Int32Array, atFrame = this.#frames): void {
    const { bits } = this.#format;
    this.#write(integerBytes(samples, bits), this.#header().length + (atFrame * bits) / 8);
    this.#frames = Math.max(this.#frames, atFrame + samples.length);
  }

  /** `framesMin`: silence is added up to there. */
  close(framesMin = 0): void {
    this.#frames = Math.max(this.#frames, framesMin);
    const header = this.#header();
    const dataBytes = (this.#frames * this.#format.bits) / 8;
    this.#write(header, 0);
    // The last byte, and the one that makes the chunk even, may be holes.
    const bytes = header.length + dataBytes + (dataBytes & 1);
    this.#extend(bytes);
    closeSync(this.#handle);
  }

  #header(): Uint8Array {
    const { sampleRateHz, bits } = this.#format;
    return wavHeader({ sampleRateHz, channels: 1, bitsPerSample: bits, frames: this.#frames });
  }

  #write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#handle, bytes, done, bytes.length - done, at + done);
  }

  #extend(bytes: number): void {
    const size = fstatSync(this.#handle).size;
    if (size < bytes) ftruncateSync(this.#handle, bytes);
  }
}
