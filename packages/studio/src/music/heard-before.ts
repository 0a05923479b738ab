import { ok, type Result, refuse } from '@jamnet/base';
import type { Landmark } from '@jamnet/jamnode';
import { takeLandmarks } from './take-landmarks.ts';

/** Landmarks that are remembered: some three and a half hours like the sample’s guitar, which has 1,500 a second. */
const LANDMARKS_MAX = 20_000_000;
/** Landmarks of one hash that are looked through: more common ones (hum, clicks) tell nothing. */
const SAME_HASH_MAX = 2000;
/**
 * A stretch was heard before when this share of its landmarks recurs in one earlier take at one shift of time. On the shipped
 * guitar strange stretches share at most 17, stretches cut to 60 levels and trimmed at least 146, merely trimmed ones 461.
 */
const HEARD_PERMILLE = 60;
/** Fewer landmarks say nothing: such a stretch is noise or silence and is not unique playing. */
const LANDMARKS_MIN = 12;
type HeardCode = 'too-much-remembered' | 'fingerprint-failed';

/** What a take brings that is new. */
export interface Heard {
  /** Stretches of the take, each up to `EXCERPT_SECONDS_MAX` s long. */
  readonly stretches: number;
  /** Heard before in an earlier take, or in this one. */
  readonly repeated: number;
  /** Without enough in them to be recognised by: noise, silence. */
  readonly unrecognisable: number;
  /** Earlier takes that stretches came from. */
  readonly sources: readonly string[];
  /** Is stretch i new? */
  readonly isUnique: readonly boolean[];
  /** Was stretch i heard before? Neither: it is unrecognisable. */
  readonly isRepeated: readonly boolean[];
}

interface Place {
  readonly take: number;
  /** Column of the whole take. */
  readonly hop: number;
}

/** Longest take in columns (about 50 hours at 48 kHz): a shift and its take are one number. */
const HOPS_MAX = 2 ** 24;

/**
 * Remembers how all takes sound and tells which stretches of a new one were heard before: re-uploads, whether re-encoded,
 * made louder or trimmed, and loops. Played again by a person it is new: fingers do not hit the same sample twice.
 */
export class HeardBefore {
  readonly #places = new Map<number, Place[]>();
  readonly #takes: string[] = [];
  readonly #landmarksMax: number;
  #landmarks = 0;

  constructor(landmarksMax = LANDMARKS_MAX) {
    this.#landmarksMax = landmarksMax;
  }

  /** Samples ± 1 at `rateHz`; the take is remembered under its name. */
  take(name: string, samples: Float32Array, rateHz: number): Result<Heard, HeardCode> {
    const stretches: Landmark[][] = [];
    for (const found of takeLandmarks(samples, rateHz)) {
      if (!found) return refuse('fingerprint-failed', `Take ${name} has no fingerprint at ${rateHz} Hz.`);
      stretches.push(found);
    }
    return this.add(name, stretches);
  }

  /** The same from the landmarks of its stretches; a refused take is not remembered. */
  add(name: string, stretches: readonly (readonly Landmark[])[]): Result<Heard, 'too-much-remembered'> {
    if (this.#landmarks + countOf(stretches) > this.#landmarksMax)
      return refuse(
        'too-much-remembered',
        `More than ${this.#landmarksMax} landmarks: begin another memory.`,
      );
    const take = this.#takes.push(name) - 1;
    const sources = new Set<string>();
    const [isUnique, isRepeated]: [boolean[], boolean[]] = [[], []];
    for (const found of stretches) {
      const source = found.length < LANDMARKS_MIN ? null : this.#sourceOf(found);
      if (source !== null) sources.add(source);
      isUnique.push(found.length >= LANDMARKS_MIN && source === null);
      isRepeated.push(source !== null);
      for (const { hash, hop } of found) this.#remember(hash, { take, hop });
    }
    const unique = isUnique.filter(Boolean).length;
    const repeated = isRepeated.filter(Boolean).length;
    return ok({
      stretches: stretches.length,
      repeated,
      unrecognisable: stretches.length - unique - repeated,
      sources: [...sources],
      isUnique,
      isRepeated,
    });
  }

  /** The take in which most of these landmarks recur at one shift, if it is enough of them. */
  #sourceOf(found: readonly Landmark[]): string | null {
    const votes = new Map<number, number>();
    let [most, source] = [0, 0];
    for (const { hash, hop } of found) {
      const shifts = new Set<number>();
      for (const place of this.#places.get(hash) ?? []) {
        // Trimming moves the columns against the sound by a part of one: neighbouring shifts are one.
        const shift = 2 * HOPS_MAX * place.take + HOPS_MAX + place.hop - hop;
        shifts.add(shift).add(shift + 1);
      }
      for (const shift of shifts) {
        const count = (votes.get(shift) ?? 0) + 1;
        votes.set(shift, count);
        if (count > most) [most, source] = [count, Math.floor(shift / (2 * HOPS_MAX))];
      }
    }
    return 1000 * most >= HEARD_PERMILLE * found.length ? (this.#takes[source] ?? null) : null;
  }

  #remember(hash: number, place: Place): void {
    const places = this.#places.get(hash) ?? [];
    if (places.length >= SAME_HASH_MAX) return;
    places.push(place);
    this.#places.set(hash, places);
    this.#landmarks++;
  }
}

export function countOf(stretches: readonly (readonly Landmark[])[]): number {
  return stretches.reduce((sum, { length }) => sum + length, 0);
}
