import { ok, type Result, refuse } from '@jamnet/base';
import { type Database, type MigrationStep, migrate, tablesOf } from '@jamnet/sql';
import { type Kysely, sql } from 'kysely';
import { type KeptAnswer, keyName, sealAnswer, unsealAnswer } from './sealed-answer.ts';
import type { KeyRefusal } from './takes-key.ts';

/** How long an answer can be had again: 24 hours. */
export const KEPT_US = 86_400_000_000n;
/** How many keys are kept at once. */
interface KeyLimits {
  readonly perAsker: number;
  readonly all: number;
}
const LIMITS: KeyLimits = { perAsker: 1_000, all: 20_000 };
/** Bytes of an answer that is kept; of a larger one only that it was given. */
export const ANSWER_BYTES_MAX = 1024 * 1024;

/** A request that carries a key. */
export interface KeyedRequest {
  /** Whose key it is: nobody meets another's. */
  readonly asker: string;
  readonly key: string;
  /** SHA-256 of method, path and body, hex. */
  readonly requestSha256: string;
}

type KeyCode = Exclude<KeyRefusal, 'idempotency-key-malformed'>;

interface KeyedRow {
  /** Hash of asker and key. */
  name: string;
  asker: string;
  request: string;
  begun_at_us: bigint;
  /** `running`, `answered` or `large`. */
  state: string;
  /** The sealed answer; null while there is none. */
  box: string | null;
}
interface KeyedTables {
  http_keyed_answer: KeyedRow;
}

export const KEYED_ANSWER_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-keyed-answers': async (kysely) => {
    const table = `CREATE TABLE http_keyed_answer (
      name TEXT PRIMARY KEY, asker TEXT NOT NULL, request TEXT NOT NULL, begun_at_us BIGINT NOT NULL,
      state TEXT NOT NULL, box TEXT)`;
    await sql.raw(table).execute(kysely);
    await sql.raw('CREATE INDEX http_keyed_answer_begun ON http_keyed_answer (begun_at_us)').execute(kysely);
    await sql.raw('CREATE INDEX http_keyed_answer_asker ON http_keyed_answer (asker)').execute(kysely);
  },
};

/** Whose keys a member's are. */
export function memberAsker(memberId: string): string {
  return `member:${memberId}`;
}

/** What was answered to requests with a key, so that sending one again does it once. Survives a restart. */
export class KeyedAnswers {
  readonly #tables: Kysely<KeyedTables>;
  readonly #nowUs: () => bigint;
  readonly #limits: KeyLimits;
  /** Names of keys whose request runs in this process. */
  readonly #running = new Set<string>();

  static async open(database: Database, nowUs: () => bigint, limits = LIMITS): Promise<KeyedAnswers> {
    await migrate(database, 'http_keyed_answers', KEYED_ANSWER_STEPS);
    return new KeyedAnswers(tablesOf<KeyedTables>(database), nowUs, limits);
  }

  private constructor(tables: Kysely<KeyedTables>, nowUs: () => bigint, limits: KeyLimits) {
    this.#tables = tables;
    this.#nowUs = nowUs;
    this.#limits = limits;
  }

  /** Takes a request that is about to be done: null to do it, or the answer that it had. */
  async begin({ asker, key, requestSha256 }: KeyedRequest): Promise<Result<KeptAnswer | null, KeyCode>> {
    const name = keyName(asker, key);
    await this.#forgetOld();
    const known = await this.#find(name);
    if (known) return this.#again(known, { asker, key, requestSha256 });
    if (!(await this.#makeRoom(asker))) return FULL;
    const row = {
      name,
      asker,
      request: requestSha256,
      begun_at_us: this.#nowUs(),
      state: 'running',
      box: null,
    };
    const { numInsertedOrUpdatedRows } = await this.#tables
      .insertInto('http_keyed_answer')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    // Sent twice at once: the other was first.
    if (numInsertedOrUpdatedRows !== 1n) return RUNNING;
    this.#running.add(name);
    return ok(null);
  }

  /** The request was answered. Of a failure (500 and on) nothing is kept: the same request may be tried again. */
  async end({ asker, key }: KeyedRequest, answer: KeptAnswer): Promise<void> {
    const name = keyName(asker, key);
    this.#running.delete(name);
    if (answer.status >= 500) {
      await this.#tables.deleteFrom('http_keyed_answer').where('name', '=', name).execute();
      return;
    }
    const isLarge = Buffer.byteLength(answer.body) > ANSWER_BYTES_MAX;
    const kept = isLarge
      ? { state: 'large', box: null }
      : { state: 'answered', box: sealAnswer(asker, key, answer) };
    await this.#tables.updateTable('http_keyed_answer').set(kept).where('name', '=', name).execute();
  }

  /** Of somebody who is erased nothing is answered again; a request of theirs that still runs leaves nothing either. */
  async forgetMember(memberId: string): Promise<void> {
    await this.#tables.deleteFrom('http_keyed_answer').where('asker', '=', memberAsker(memberId)).execute();
  }

  #again(row: KeyedRow, { asker, key, requestSha256 }: KeyedRequest): Result<KeptAnswer, KeyCode> {
    if (row.request !== requestSha256) return REUSED;
    if (row.box !== null) return ok(unsealAnswer(asker, key, row.box));
    if (row.state === 'large') return NOT_KEPT;
    return this.#running.has(row.name) ? RUNNING : UNFINISHED;
  }

  #find(name: string): Promise<KeyedRow | undefined> {
    return this.#tables
      .selectFrom('http_keyed_answer')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
  }

  async #forgetOld(): Promise<void> {
    await this.#tables
      .deleteFrom('http_keyed_answer')
      .where('begun_at_us', '<', this.#nowUs() - KEPT_US)
      .execute();
  }

  /** Forgets the oldest answers where a limit is reached; false where all that is kept is still without an answer. */
  async #makeRoom(asker: string): Promise<boolean> {
    const { perAsker, all } = this.#limits;
    return (await this.#keepBelow(perAsker, asker)) && (await this.#keepBelow(all, null));
  }

  /** `asker`: whose keys; null for everybody's. */
  async #keepBelow(limit: number, asker: string | null): Promise<boolean> {
    const every = this.#tables.selectFrom('http_keyed_answer');
    const rows = asker === null ? every : every.where('asker', '=', asker);
    const { keys } = await rows
      .select(({ fn }) => fn.countAll<bigint>().as('keys'))
      .executeTakeFirstOrThrow();
    const excess = Number(keys) - limit + 1;
    if (excess <= 0) return true;
    const oldest = rows
      .select('name')
      .where('state', '!=', 'running')
      .orderBy('begun_at_us')
      .orderBy('name')
      .limit(excess);
    const { numDeletedRows } = await this.#tables
      .deleteFrom('http_keyed_answer')
      .where('name', 'in', oldest)
      .executeTakeFirst();
    return Number(numDeletedRows) >= excess;
  }
}

const FULL = refuse<KeyCode>(
  'idempotency-keys-full',
  'So many requests with a key are being done that no more can be kept: send it again in a moment.',
);
const RUNNING = refuse<KeyCode>(
  'idempotency-key-running',
  'The first request with this key is being done: send it again in a moment.',
);
const REUSED = refuse<KeyCode>(
  'idempotency-key-reused',
  'This key came with another request before: one key is for one request, take a new one.',
);
const UNFINISHED = refuse<KeyCode>(
  'idempotency-key-unfinished',
  'The studio stopped while it did the first request with this key: look whether it was done, then send with a new key.',
);
const NOT_KEPT = refuse<KeyCode>(
  'idempotency-answer-not-kept',
  'This was done, and its answer is too large to be kept: look at what it made.',
);
