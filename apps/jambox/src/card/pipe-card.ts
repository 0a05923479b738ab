import { assert } from '@jamnet/base';
// realtime
import type { Card, Input } from './card.ts';
import type { PcmRing } from './pcm-ring.ts';
import type { Samples } from './samples.ts';

export interface PipeCardOptions {
  readonly periodUs: number;
  readonly packetFrames: number;
  /** Raw sound that comes by a pipe; absent: `input` is played. */
  readonly source: PcmRing | null;
  readonly input: Input;
  /** Where what is heard goes by a pipe. */
  readonly sink: PcmRing | null;
}

/** So long after the start it is clear whether the pipe holds a recording, which fills the ring, or sound as it happens. */
const DECIDE_AFTER_US = 200_000;
/** The least fill of each stretch says how far the other's clock is ahead; a packet's length too much is gone in seconds. */
const STRETCH_PERIODS = 400;
const PPM_PER_FRAME = 4;
const PPM_MAX = 800;

/**
 * A card of two pipes, paced by the machine's clock. A recording is played from its beginning, at exactly that clock;
 * sound that somebody sends as it happens is taken from the start of the room on, and its own clock is followed.
 */
export class PipeCard implements Card {
  readonly inputUs = 0;
  readonly outputUs = 0;
  stumbles = 0;
  readonly #options: PipeCardOptions;
  readonly #out: Int16Array;
  #startUs = 0;
  #dueUs = 0;
  #isDecided = false;
  #isLive = false;
  #periods = 0;
  #leastFilled = Number.POSITIVE_INFINITY;
  #ppm = 0;

  constructor(options: PipeCardOptions) {
    this.#options = options;
    this.#out = new Int16Array(options.packetFrames);
  }

  start(startUs: number, firstPeriod: number): void {
    const { periodUs, source } = this.#options;
    this.#startUs = startUs + firstPeriod * periodUs;
    this.#dueUs = this.#startUs + periodUs;
    source?.start();
  }

  get dueUs(): number {
    return this.#dueUs;
  }

  isDue(nowUs: number): boolean {
    return nowUs >= this.#dueUs;
  }

  capture(into: Samples): boolean {
    const { source, input, periodUs } = this.#options;
    this.#dueUs += periodUs * (1 - this.#ppm / 1e6);
    if (source === null) return input.next(into);
    if (!this.#isDecided && this.#dueUs - this.#startUs > DECIDE_AFTER_US) this.#decide(source);
    if (this.#isLive) this.#follow(source);
    assert(into instanceof Int16Array, 'pipes carry 16 bits');
    const read = source.read(into);
    if (read === into.length) return true;
    into.fill(0, read);
    if (source.isEnded && source.filled === 0) return read > 0;
    // A recording's first packet takes a moment to come through the pipe.
    if (this.#isDecided) this.stumbles++;
    return true;
  }

  #decide(source: PcmRing): void {
    this.#isDecided = true;
    this.#isLive = !source.hasBeenFull && !source.isEnded;
    if (this.#isLive) source.keepNewest(2 * this.#options.packetFrames);
  }

  #follow(source: PcmRing): void {
    this.#leastFilled = Math.min(this.#leastFilled, source.filled);
    if (++this.#periods < STRETCH_PERIODS) return;
    const tooMuch = this.#leastFilled - 2 * this.#options.packetFrames;
    this.#ppm = Math.max(-PPM_MAX, Math.min(PPM_MAX, tooMuch * PPM_PER_FRAME));
    this.#periods = 0;
    this.#leastFilled = Number.POSITIVE_INFINITY;
  }

  play(samples: Float32Array): void {
    const { sink } = this.#options;
    if (sink === null) return;
    for (let i = 0; i < samples.length; i++)
      this.#out[i] = Math.max(-32768, Math.min(32767, Math.round((samples[i] ?? 0) * 32768)));
    const written = sink.write(this.#out);
    if (written < samples.length) sink.noteDropped(samples.length - written);
  }

  close(): void {
    this.#options.sink?.end();
  }
}
