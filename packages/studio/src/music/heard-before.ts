import { ok, type Result, refuse } from '@jamnet/base';
import type { Landmark } from '@jamnet/jamnode';
import { type Heard, TakeComparison } from './take-comparison.ts';
import { takeLandmarks } from './take-landmarks.ts';
import type { TakeSketch } from './take-sketch.ts';

/** Landmarks that are remembered in memory, 8 bytes each: three days without a pause. */
const LANDMARKS_MAX = 16_588_800;

type HeardCode = 'too-much-remembered' | 'fingerprint-failed';

/** Remembers takes while it lives, and tells of each new one what was heard before. */
export class HeardBefore {
  readonly #takes: { readonly name: string; readonly sketch: TakeSketch }[] = [];
  readonly #landmarksMax: number;
  #landmarks = 0;

  constructor(landmarksMax = LANDMARKS_MAX) {
    this.#landmarksMax = landmarksMax;
  }

  /** Samples ± 1 at `rateHz`; the take is remembered under its name, a refused one is not. */
  take(name: string, samples: Float32Array, rateHz: number): Result<Heard, HeardCode> {
    const stretches: Landmark[][] = [];
    for (const found of takeLandmarks(samples, rateHz)) {
      if (!found) return refuse('fingerprint-failed', `Take ${name} has no fingerprint at ${rateHz} Hz.`);
      stretches.push(found);
    }
    const comparison = new TakeComparison(name, stretches);
    const { sketch } = comparison;
    if (this.#landmarks + sketch.hashes.length > this.#landmarksMax)
      return refuse(
        'too-much-remembered',
        `More than ${this.#landmarksMax} landmarks: begin another memory.`,
      );
    for (const earlier of this.#takes) comparison.meet(earlier.name, earlier.sketch);
    this.#takes.push({ name, sketch });
    this.#landmarks += sketch.hashes.length;
    return ok(comparison.heard());
  }
}
