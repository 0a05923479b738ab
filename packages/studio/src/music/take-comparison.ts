import { assert } from '@jamnet/base';
import type { Landmark } from '@jamnet/jamnode';
import { joinSketches, sketchOf, type TakeSketch } from './take-sketch.ts';

/** Places at which one hash is met before it tells nothing more: hum, clicks. */
const SAME_HASH_MAX = 2000;
/**
 * A stretch was heard before when this share of its sketch recurs in one earlier take at one shift of time, and at least
 * {@link RECURRING_MIN}. What strange and disguised stretches of the shipped recordings share stands in `heard-before.test.ts`.
 */
const HEARD_PERMILLE = 60;
/** So few of a sketch recur by chance. */
const RECURRING_MIN = 4;
/** Fewer landmarks say nothing: such a stretch is noise or silence and is not unique playing. */
const LANDMARKS_MIN = 12;

/** What a take brings that is new. */
export interface Heard {
  /** Stretches of the take, each up to `EXCERPT_SECONDS_MAX` s long. */
  readonly stretches: number;
  /** Heard before in an earlier take, or in this one. */
  readonly repeated: number;
  /** Without enough in them to be recognised by: noise, silence. */
  readonly unrecognisable: number;
  /** Takes that stretches came from. */
  readonly sources: readonly string[];
  /** Is stretch i new? */
  readonly isUnique: readonly boolean[];
  /** Was stretch i heard before? Neither: it is unrecognisable. */
  readonly isRepeated: readonly boolean[];
  /** Largest share of stretch i's sketch that recurred at one shift, 1/1000. */
  readonly recurringPermille: readonly number[];
}

/** Longest take in columns (about 50 hours at 48 kHz). */
const HOPS_MAX = 2 ** 24;
/** Shifts of time between two takes; with their stretch they are one number below 2⁵³. */
const SHIFTS = 2 * HOPS_MAX;

interface Asked {
  /** Which stretch, and at which column, for each time the hash is in the take. */
  readonly places: { readonly stretch: number; readonly hop: number }[];
  met: number;
}

/**
 * Compares one take with all earlier ones, of which it needs no more than one at a time, and tells which of its stretches were heard
 * before: re-uploads, whether re-encoded, made louder or trimmed, and loops. Played again by a person it is new: fingers do not
 * hit the same sample twice.
 */
export class TakeComparison {
  readonly #name: string;
  /** Landmarks of each stretch, and of its sketch. */
  readonly #counts: readonly number[];
  readonly #sketches: readonly (readonly Landmark[])[];
  readonly #asked = new Map<number, Asked>();
  /** Best so far by stretch: how many recur at one shift, and where. */
  readonly #most: Uint32Array;
  readonly #source: string[];

  /** `stretches`: all landmarks of each; hops count from the start of the take. */
  constructor(name: string, stretches: readonly (readonly Landmark[])[]) {
    this.#name = name;
    this.#counts = stretches.map(({ length }) => length);
    this.#sketches = stretches.map(sketchOf);
    this.#most = new Uint32Array(stretches.length);
    this.#source = stretches.map(() => '');
    for (const [stretch, sketch] of this.#sketches.entries())
      for (const { hash, hop } of sketch) {
        assert(hop < HOPS_MAX, 'a take is shorter than two days');
        const asked = this.#asked.get(hash) ?? { places: [], met: 0 };
        asked.places.push({ stretch, hop });
        this.#asked.set(hash, asked);
      }
  }

  /** What is kept of this take, to compare later ones with. */
  get sketch(): TakeSketch {
    return joinSketches(this.#sketches);
  }

  meet(name: string, earlier: TakeSketch): void {
    this.#vote(name, earlier, () => true);
  }

  heard(): Heard {
    // Its own earlier stretches: what is looped is new once.
    const stretchOf = this.#sketches.flatMap((sketch, stretch) => sketch.map(() => stretch));
    this.#vote(this.#name, this.sketch, (stretch, place) => (stretchOf[place] ?? stretch) < stretch);
    const isRepeated = this.#sketches.map(
      (sketch, stretch) => this.#isKnown(stretch) && this.#recurs(sketch.length, this.#most[stretch] ?? 0),
    );
    const isUnique = isRepeated.map((known, stretch) => !known && this.#isKnown(stretch));
    const repeated = isRepeated.filter(Boolean).length;
    return {
      stretches: this.#sketches.length,
      repeated,
      unrecognisable: this.#sketches.length - repeated - isUnique.filter(Boolean).length,
      sources: [...new Set(this.#source.filter((_, stretch) => isRepeated[stretch]))],
      isUnique,
      isRepeated,
      recurringPermille: this.#sketches.map(({ length }, stretch) =>
        length === 0 ? 0 : Math.floor((1000 * (this.#most[stretch] ?? 0)) / length),
      ),
    };
  }

  #isKnown(stretch: number): boolean {
    return (this.#counts[stretch] ?? 0) >= LANDMARKS_MIN;
  }

  #recurs(sketched: number, count: number): boolean {
    return count >= RECURRING_MIN && 1000 * count >= HEARD_PERMILLE * sketched;
  }

  /** `counts`: whether a place of the earlier take may be met by a stretch. */
  #vote(
    name: string,
    { hashes, hops }: TakeSketch,
    counts: (stretch: number, place: number) => boolean,
  ): void {
    const votes = new Map<number, number>();
    for (let place = 0; place < hashes.length; place++) {
      const asked = this.#asked.get(hashes[place] ?? 0);
      if (!asked || asked.met >= SAME_HASH_MAX) continue;
      asked.met++;
      for (const { stretch, hop } of asked.places) {
        if (!counts(stretch, place)) continue;
        const key = SHIFTS * stretch + HOPS_MAX + (hops[place] ?? 0) - hop;
        votes.set(key, (votes.get(key) ?? 0) + 1);
      }
    }
    for (const [key, count] of votes) {
      const stretch = Math.floor(key / SHIFTS);
      // Trimming moves the columns against the sound by a part of one: neighbouring shifts are one.
      const both = count + (votes.get(key + 1) ?? 0);
      if (both <= (this.#most[stretch] ?? 0)) continue;
      this.#most[stretch] = both;
      this.#source[stretch] = name;
    }
  }
}
