import { setImmediate as otherWork } from 'node:timers/promises';
import { Failure } from '@jamnet/base';
import type { Landmark } from '@jamnet/jamnode';
import { type Database, type MigrationStep, migrate, tablesOf } from '@jamnet/sql';
import { type Kysely, sql } from 'kysely';
import { countOf, type Heard, HeardBefore } from './heard-before.ts';
import { playingTimeMs } from './playing-time.ts';
import { landmarksText, parseLandmarks, stretchSamples, takeLandmarks } from './take-landmarks.ts';

/**
 * Landmarks that a studio compares with: some twenty minutes like the sample’s guitar (1,500 a second), ten bytes each on disk. Then the
 * takes of longest ago are forgotten until half of it is left.
 */
export const MUSIC_LANDMARKS_MAX = 2_000_000;

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
    /** See `landmarksText`; `null`: forgotten. */
    landmarks: string | null;
  };
}

/** Forward only; fields are added, never changed. */
const MUSIC_MIGRATIONS: Readonly<Record<string, MigrationStep>> = {
  '001-heard': async (kysely) => {
    await sql
      .raw(
        `CREATE TABLE music_heard (contribution TEXT PRIMARY KEY, place BIGINT NOT NULL, new_ms BIGINT NOT NULL,
          played_ms BIGINT NOT NULL, reason TEXT, landmarks TEXT)`,
      )
      .execute(kysely);
  },
};

/** How all credited takes sound, in the studio's database: what is sent in again, in whatever disguise, earns nothing again. */
export class MusicMemory {
  readonly #tables: Kysely<MemoryTables>;
  readonly #landmarksMax: number;
  /** Read at the first take. */
  #heard: HeardBefore | null = null;
  #turn: Promise<unknown> = Promise.resolve();

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
    const answer = this.#turn.then(() => this.#novelty(contribution, samples, rateHz));
    this.#turn = answer.catch(() => undefined);
    return answer;
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
    const stretches = await landmarksOf(samples, rateHz);
    const heard = await this.#compare(contribution, stretches);
    const novelty = noveltyOf(heard, contribution, samples, rateHz);
    try {
      await this.#tables
        .insertInto('music_heard')
        .values({
          contribution,
          place: (await this.#lastPlace()) + 1n,
          new_ms: novelty.newMs,
          played_ms: novelty.playedMs,
          reason: novelty.reason,
          landmarks: landmarksText(stretches),
        })
        .execute();
    } catch (error) {
      this.#heard = null; // It knows what the database does not: the next take reads it anew.
      throw error;
    }
    return novelty;
  }

  async #compare(contribution: string, stretches: readonly Landmark[][]): Promise<Heard> {
    if (2 * countOf(stretches) > this.#landmarksMax)
      throw new Failure('take-too-long', 'The take is longer than what is compared: send it in parts.');
    this.#heard ??= await this.#load(this.#landmarksMax);
    const added = this.#heard.add(contribution, stretches);
    if (added.ok) return added.value;
    this.#heard = await this.#load(this.#landmarksMax / 2);
    const again = this.#heard.add(contribution, stretches);
    if (!again.ok) throw new Failure(again.code, again.message);
    return again.value;
  }

  /** The latest takes of no more than so many landmarks, the oldest first; those before them are forgotten. */
  async #load(landmarksMax: number): Promise<HeardBefore> {
    const rows = await this.#tables
      .selectFrom('music_heard')
      .select(['contribution', 'place', 'landmarks'])
      .where('landmarks', 'is not', null)
      .orderBy('place', 'desc')
      .execute();
    const takes: { contribution: string; stretches: Landmark[][] }[] = [];
    let landmarks = 0;
    for (const { contribution, place, landmarks: text } of rows) {
      const stretches = parseLandmarks(text ?? '');
      landmarks += countOf(stretches);
      if (landmarks > landmarksMax) {
        await this.#tables
          .updateTable('music_heard')
          .set({ landmarks: null })
          .where('place', '<=', place)
          .execute();
        break;
      }
      takes.push({ contribution, stretches });
    }
    const heard = new HeardBefore(this.#landmarksMax);
    for (const { contribution, stretches } of takes.reverse()) heard.add(contribution, stretches);
    return heard;
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
