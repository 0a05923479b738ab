import { Failure } from '@jamnet/base';
import { limits } from '@jamnet/toast';
import { type NativeMemory, nativeMemory } from '../net/libc.ts';
import { type Alsa, loadAlsa } from './alsa.ts';
import { type AlsaStream, openAlsaStream } from './alsa-stream.ts';
import type { Card, Input } from './card.ts';
import type { Samples } from './samples.ts';

export interface AlsaCardOptions {
  readonly device: string;
  readonly packetFrames: number;
  /** Played into the room instead of the device's own input, paced by its output. */
  readonly input: Input | null;
}

const CHANNELS_MAX = 64;
/** A device is looked at again so soon when its period has not quite ended. */
const AGAIN_US = 100;
/** Looks in a row that found two periods or more: a device without a clock (a file, "null") always has them. */
const UNPACED_LOOKS = 16;
const US_PER_FRAME = 1e6 / limits.SAMPLE_RATE_HZ;

/** A sound card by ALSA, both directions started together; its own clock says when a period has ended. */
export class AlsaCard implements Card {
  stumbles = 0;
  inputUs = 0;
  outputUs = 0;
  readonly #options: AlsaCardOptions;
  readonly #alsa: Alsa;
  readonly #capture: AlsaStream | null;
  readonly #playback: AlsaStream;
  readonly #memory: NativeMemory;
  readonly #cell = nativeMemory(8);
  #dueUs = 0;
  #looksAhead = 0;

  constructor(options: AlsaCardOptions) {
    const alsa = loadAlsa();
    if (alsa === null)
      throw new Failure(
        'alsa-missing',
        'No libasound.so.2 here: install it (Debian: libasound2), or use --wav, --input - or --output -.',
      );
    const { device, packetFrames, input } = options;
    this.#options = options;
    this.#alsa = alsa;
    this.#playback = openAlsaStream(alsa, device, 'playback', packetFrames);
    this.#capture = input === null ? openAlsaStream(alsa, device, 'capture', packetFrames) : null;
    this.#memory = nativeMemory(packetFrames * 4 * CHANNELS_MAX);
  }

  start(startUs: number, firstPeriod: number): void {
    const periodUs = this.#options.packetFrames * US_PER_FRAME;
    this.#dueUs = startUs + (firstPeriod + 1) * periodUs;
    if (this.#capture !== null) this.#alsa.link(this.#capture.pcm, this.#playback.pcm);
    this.#run();
  }

  /** Two periods of silence lie before what we write: it is the shortest time that never runs dry by itself. */
  #run(): void {
    const { packetFrames } = this.#options;
    const { pcm } = this.#playback;
    this.#alsa.prepare(pcm);
    if (this.#capture !== null) this.#alsa.prepare(this.#capture.pcm);
    this.#memory.bytes.fill(0);
    for (let period = 0; period < 2; period++) this.#alsa.writei(pcm, this.#memory.address, packetFrames);
    // Linked streams start as one; a plug-in may not link, and then takes a start of its own.
    this.#alsa.start(pcm);
    if (this.#capture !== null) this.#alsa.start(this.#capture.pcm);
  }

  get dueUs(): number {
    return this.#dueUs;
  }

  isDue(nowUs: number): boolean {
    if (nowUs < this.#dueUs) return false;
    const { packetFrames } = this.#options;
    const frames = this.#alsa.avail((this.#capture ?? this.#playback).pcm);
    if (frames < 0) {
      this.stumbles++;
      this.#run();
      this.#dueUs = nowUs + packetFrames * US_PER_FRAME;
      return false;
    }
    if (frames < packetFrames) {
      this.#looksAhead = 0;
      this.#dueUs = nowUs + Math.max(AGAIN_US, (packetFrames - frames) * US_PER_FRAME);
      return false;
    }
    this.#looksAhead = frames >= 2 * packetFrames ? Math.min(UNPACED_LOOKS, this.#looksAhead + 1) : 0;
    const periodUs = packetFrames * US_PER_FRAME;
    const restUs = (2 * packetFrames - frames) * US_PER_FRAME;
    // What has no clock of its own goes by ours.
    this.#dueUs = this.#looksAhead >= UNPACED_LOOKS ? this.#dueUs + periodUs : nowUs + Math.max(0, restUs);
    return true;
  }

  capture(into: Samples): boolean {
    const { input, packetFrames } = this.#options;
    if (input !== null || this.#capture === null) return input?.next(into) ?? false;
    const { pcm, channels, sampleBytes } = this.#capture;
    const read = this.#alsa.readi(pcm, this.#memory.address, packetFrames);
    if (read < packetFrames) this.stumbles++;
    const { view } = this.#memory;
    for (let i = 0; i < packetFrames; i++) {
      const at = i * channels * sampleBytes;
      // Of several channels the first.
      into[i] = i >= read ? 0 : sampleAt(view, at, sampleBytes, into);
    }
    this.inputUs = this.#delayUs(pcm);
    return true;
  }

  play(samples: Float32Array): void {
    const { pcm, channels, sampleBytes } = this.#playback;
    const { view, address } = this.#memory;
    for (let i = 0; i < samples.length; i++) {
      const sample = Math.max(-1, Math.min(1, samples[i] ?? 0));
      for (let channel = 0; channel < channels; channel++) {
        const at = (i * channels + channel) * sampleBytes;
        if (sampleBytes === 2) view.setInt16(at, Math.round(sample * 32_767), true);
        else view.setInt32(at, Math.round(sample * 2_147_483_647), true);
      }
    }
    if (this.#alsa.writei(pcm, address, samples.length) < samples.length) this.stumbles++;
    this.outputUs = Math.max(0, this.#delayUs(pcm) - samples.length * US_PER_FRAME);
  }

  /** Frames between the converter and us. */
  #delayUs(pcm: number): number {
    if (this.#alsa.delay(pcm, this.#cell.address) < 0) return 0;
    return Math.max(0, Number(this.#cell.view.getBigInt64(0, true))) * US_PER_FRAME;
  }

  close(): void {
    for (const stream of [this.#capture, this.#playback]) {
      if (stream === null) continue;
      this.#alsa.drop(stream.pcm);
      this.#alsa.close(stream.pcm);
    }
  }
}

/** Of a device's 16 or 32 bits as many as `into` has. */
function sampleAt(view: DataView, at: number, sampleBytes: number, into: Samples): number {
  if (into instanceof Int16Array) return view.getInt16(sampleBytes === 2 ? at : at + 2, true);
  return sampleBytes === 2 ? view.getInt16(at, true) << 8 : view.getInt32(at, true) >> 8;
}
