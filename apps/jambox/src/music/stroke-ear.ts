import { OnsetDetector } from '@jamnet/groove';
import { limits } from '@jamnet/toast';

const SAMPLES_PER_US = limits.SAMPLE_RATE_HZ / 1e6;

/** Finds the strokes in one player's sound as it comes, each by its place on the room's timeline, some 52 ms after it sounded. */
export class StrokeEar {
  readonly #detector = new OnsetDetector(limits.SAMPLE_RATE_HZ);
  /** Samples listened to so far. */
  #fed = 0;

  /** `sample`: place of the first of `pcm`, full scale ± 1. Where the place leaps, a stroke before the leap is placed wrongly, once. */
  listen(pcm: Float32Array, sample: number, heard: (atSample: number) => void): void {
    const firstFed = this.#fed;
    this.#fed += pcm.length;
    this.#detector.push(pcm);
    for (const { timeUs } of this.#detector.take())
      heard(Math.round(sample + timeUs * SAMPLES_PER_US - firstFed));
  }
}
