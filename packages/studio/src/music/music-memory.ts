import { setImmediate as otherWork } from 'node:timers/promises';
import { Failure, oneAfterAnother } from '@jamnet/base';
import { EXCERPT_SECONDS_MAX, type Landmark } from '@jamnet/jamnode';
import { type Database, type MigrationStep, migrate, tablesOf } from '@jamnet/sql';
import { type Kysely, sql } from 'kysely';
import { playingTimeMs } from './playing-time.ts';
import { type Heard, TakeComparison } from './take-comparison.ts';
import { parseLandmarks, stretchSamples, takeLandmarks } from './take-landmarks.ts';
import { joinSketches, parseSketch, SKETCH_LANDMARKS_MAX, sketchOf, sketchText } from './take-sketch.ts';

/** Playing that a studio surely compares with, as dense as it may be; sparser playing, and pauses, take less room. */
const SECONDS_REMEMBERED = 3 * 86_400;
/**
 * Landmarks that a studio compares with, eleven bytes each on disk: 182 MB when full. Beyond that the takes of longest ago are
 * forgotten.
 */
export const MUSIC_LANDMARKS_MAX = (SECONDS_REMEMBERED / EXCERPT_SECONDS_MAX) * SKETCH_LANDMARKS_MAX;
/** Takes that are read from the database at once. */
const TAKES_PER_PAGE = 32;

/** How much of what was played in a take is new. */
export interface Novelty {
  /** Of {@link playedMs}; what was heard before, and what is too empty to be recognised by, is not in it. */
  readonly newMs: bigint;
  /** Played in the whole stretches of the take. */
  readonly playedMs: bigint;
  /** In words, when not all of it is new. */
  readonly reason: string | null;
}

interface MemoryTables {
  music_heard: {
    contribution: string;
    /** Order in which takes came. */
    place: bigint;
    new_ms: bigint;
    played_ms: bigint;
    reason: string | null;
    /** See `parseLandmarks`: of before sketches were kept; now always `null`. */
    landmarks: string | null;
    /** See `sketchText`; `null`: forgotten. */
    sketch: string | null;
    /** In the sketch. */
    sketched: bigint;
  };
}

/** Forward only; fields are added, never changed. */
export const MUSIC_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-heard': async (kysely) => {
    await sql
      .raw(
        `CREATE TABLE music_heard (contribution TEXT PRIMARY KEY, place BIGINT NOT NULL, new_ms BIGINT NOT NULL,
          played_ms BIGINT NOT NULL, reason TEXT, landmarks TEXT)`,
      )
      .execute(kysely);
  },
  '002-sketches': async (kysely) => {
    await sql.raw('ALTER TABLE music_heard ADD COLUMN sketch TEXT').execute(kysely);
    await sql.raw('ALTER TABLE music_heard ADD COLUMN sketched BIGINT NOT NULL DEFAULT 0').execute(kysely);
    await sketchAll(kysely as Kysely<MemoryTables>); // As the step before and these columns made it.
  },
};

/** What an earlier version kept whole is sketched; at most the twenty minutes that it kept. */
async function sketchAll(kysely: Kysely<MemoryTables>): Promise<void> {
  const kept = await kysely
    .selectFrom('music_heard')
    .select(['contribution', 'landmarks'])
    .where('landmarks', 'is not', null)
    .execute();
  for (const { contribution, landmarks } of kept) {
    const sketch = joinSketches(parseLandmarks(landmarks ?? '').map(sketchOf));
    await kysely
      .updateTable('music_heard')
      .set({ landmarks: null, sketch: sketchText(sketch), sketched: BigInt(sketch.hashes.length) })
      .where('contribution', '=', contribution)
      .execute();
  }
}

/** How all credited takes sound, in the studio's database: what is sent in again, in whatever disguise, earns nothing again. */
export class MusicMemory {
  readonly #tables: Kysely<MemoryTables>;
  readonly #landmarksMax: number;
  readonly #inTurn = oneAfterAnother();

  static async open(database: Database, landmarksMax = MUSIC_LANDMARKS_MAX): Promise<MusicMemory> {
    await migrate(database, 'music', MUSIC_MIGRATIONS);
    return new MusicMemory(tablesOf<MemoryTables>(database), landmarksMax);
  }

  private constructor(tables: Kysely<MemoryTables>, landmarksMax: number) {
    this.#tables = tables;
    this.#landmarksMax = landmarksMax;
  }

  /**
   * What the take of a contribution (samples ± 1 at `rateHz`) brings that was not heard before; asked again it answers the same.
   * Rejects with `fingerprint-failed`, or `take-too-long` when it alone is more than half of what is remembered.
   */
  novelty(contribution: string, samples: Float32Array, rateHz: number): Promise<Novelty> {
    return this.#inTurn(() => this.#novelty(contribution, samples, rateHz));
  }

  /** Of those contributions that have one. */
  async reasons(contributions: readonly string[]): Promise<Map<string, string>> {
    if (contributions.length === 0) return new Map();
    const rows = await this.#tables
      .selectFrom('music_heard')
      .select(['contribution', 'reason'])
      .where('contribution', 'in', [...contributions])
      .execute();
    return new Map(
      rows.flatMap(({ contribution, reason }) => (reason === null ? [] : [[contribution, reason]])),
    );
  }

  async #novelty(contribution: string, samples: Float32Array, rateHz: number): Promise<Novelty> {
    const known = await this.#tables
      .selectFrom('music_heard')
      .select(['new_ms', 'played_ms', 'reason'])
      .where('contribution', '=', contribution)
      .executeTakeFirst();
    if (known)
      return { newMs: BigInt(known.new_ms), playedMs: BigInt(known.played_ms), reason: known.reason };
    const comparison = new TakeComparison(contribution, await landmarksOf(samples, rateHz));
    const { sketch } = comparison;
    const sketched = sketch.hashes.length;
    if (2 * sketched > this.#landmarksMax)
      throw new Failure('take-too-long', 'The take is longer than what is compared: send it in parts.');
    await this.#meetAll(comparison);
    const novelty = noveltyOf(comparison.heard(), contribution, samples, rateHz);
    await this.#forget(this.#landmarksMax - sketched);
    await this.#tables
      .insertInto('music_heard')
      .values({
        contribution,
        place: (await this.#lastPlace()) + 1n,
        new_ms: novelty.newMs,
        played_ms: novelty.playedMs,
        reason: novelty.reason,
        landmarks: null,
        sketch: sketchText(sketch),
        sketched: BigInt(sketched),
      })
      .execute();
    return novelty;
  }

  /** Page by page, so that three days of playing are never in memory at once. */
  async #meetAll(comparison: TakeComparison): Promise<void> {
    for (let after = 0n; ; ) {
      const page = await this.#tables
        .selectFrom('music_heard')
        .select(['contribution', 'place', 'sketch'])
        .where('sketch', 'is not', null)
        .where('place', '>', after)
        .orderBy('place')
        .limit(TAKES_PER_PAGE)
        .execute();
      for (const { contribution, sketch } of page) {
        comparison.meet(contribution, parseSketch(sketch ?? ''));
        await otherWork();
      }
      const last = page.at(-1);
      if (!last) return;
      after = BigInt(last.place);
    }
  }

  /** Forgets the takes of longest ago until no more than so many landmarks are left. */
  async #forget(landmarksMax: number): Promise<void> {
    const { held } = await this.#tables
      .selectFrom('music_heard')
      .where('sketch', 'is not', null)
      .select(({ fn }) => fn.sum('sketched').as('held'))
      .executeTakeFirstOrThrow();
    let left = Number(held ?? 0);
    while (left > landmarksMax) {
      const oldest = await this.#tables
        .selectFrom('music_heard')
        .select(['contribution', 'sketched'])
        .where('sketch', 'is not', null)
        .orderBy('place')
        .limit(1)
        .executeTakeFirstOrThrow();
      await this.#tables
        .updateTable('music_heard')
        .set({ sketch: null })
        .where('contribution', '=', oldest.contribution)
        .execute();
      left -= Number(oldest.sketched);
    }
  }

  async #lastPlace(): Promise<bigint> {
    const row = await this.#tables
      .selectFrom('music_heard')
      .select('place')
      .orderBy('place', 'desc')
      .limit(1)
      .executeTakeFirst();
    return BigInt(row?.place ?? 0);
  }
}

/** Lets the studio's other work pass between stretches. */
async function landmarksOf(samples: Float32Array, rateHz: number): Promise<Landmark[][]> {
  const stretches: Landmark[][] = [];
  for (const found of takeLandmarks(samples, rateHz)) {
    if (!found) throw new Failure('fingerprint-failed', `A take at ${rateHz} Hz has no fingerprint.`);
    stretches.push(found);
    await otherWork();
  }
  return stretches;
}

function noveltyOf(
  { isUnique, isRepeated, sources }: Heard,
  contribution: string,
  samples: Float32Array,
  rateHz: number,
): Novelty {
  const length = stretchSamples(rateHz);
  const msOf = (wanted: readonly boolean[]): bigint =>
    wanted.reduce(
      (sum, isWanted, place) =>
        isWanted ? sum + playingTimeMs(samples.subarray(place * length, (place + 1) * length), rateHz) : sum,
      0n,
    );
  const [newMs, repeatedMs, playedMs] = [msOf(isUnique), msOf(isRepeated), msOf(isUnique.map(() => true))];
  if (playedMs === 0n)
    return {
      newMs,
      playedMs,
      reason: 'It is too short, or too quiet, to be told from what was heard before.',
    };
  const percent = (ms: bigint): bigint => (200n * ms + playedMs) / (2n * playedMs);
  const isOwn = sources.every((source) => source === contribution);
  const parts = [
    ...(repeatedMs > 0n
      ? [`${percent(repeatedMs)} % was heard before in ${isOwn ? 'this' : 'an earlier'} take`]
      : []),
    ...(newMs + repeatedMs < playedMs
      ? [`${percent(playedMs - newMs - repeatedMs)} % has too little in it to be recognised by`]
      : []),
  ];
  return { newMs, playedMs, reason: parts.length > 0 ? parts.join('; ') : null };
}
