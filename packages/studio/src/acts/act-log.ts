import { createHash } from 'node:crypto';
import { canonicalJson, Failure, oneAfterAnother } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { ACT_MIGRATIONS, type ActRow, type ActTables } from './act-tables.ts';

/** Acts read at once: a page and the one behind it. */
const ACTS_READ_MAX = 201;
const LEAF_KIND = 'operator-act';
/** HTTP statuses from the first to below the second: nothing was done. Of a failure (500 and on) nobody knows. */
const REFUSED = 400;
const FAILED = 500;

/** What somebody with power over others' money or rights asked of the studio; nothing in it is a secret, some is personal. */
export interface Act {
  /** UTC µs, decimal. */
  readonly atUs: string;
  /** `token`: the bearer of the operator's token; else the member's id. */
  readonly actor: string;
  /** `operator`, `curator` … as it was then. */
  readonly role: string;
  readonly method: string;
  /** The route's pattern, `/api/payees/:payee/holds`. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** SHA-256, hex, of what was sent, JSON without blanks and keys as they came; empty where nothing was. */
  readonly bodySha256: string;
}

/** An act as auditors read it: with the salt they make the hash that stands in the log at `leaf`. */
export interface ActView extends Act {
  readonly number: string;
  readonly salt: string;
  readonly leaf: string | null;
  readonly status: number | null;
}

export interface ActParts {
  readonly database: Database;
  readonly ledger: Pick<Ledger, 'post'>;
  readonly nowUs: () => bigint;
  /** 32 hex digits of chance. */
  readonly newSalt: () => string;
}

/** Hash of an act as its leaf has it: SHA-256 of canonical JSON of `{act, salt}`. */
export function actSha256(act: Act, salt: string): string {
  return createHash('sha256')
    .update(canonicalJson({ act: { ...act }, salt }))
    .digest('hex');
}

/**
 * The trail of what operators and curators do: each act stands in the studio's table before it is done, and as a salted hash in
 * the public log before its answer is given, so that neither can be changed or left out later without the other telling. What was
 * refused changed nothing, and no leaf tells of it.
 */
export class ActLog {
  readonly #parts: ActParts;
  readonly #tables: Kysely<ActTables>;
  /** One after the other: each takes the next number. */
  readonly #inTurn = oneAfterAnother();

  static async open(parts: ActParts): Promise<ActLog> {
    await migrate(parts.database, 'acts', ACT_MIGRATIONS);
    const acts = new ActLog(parts, tablesOf<ActTables>(parts.database));
    await acts.#finish();
    return acts;
  }

  private constructor(parts: ActParts, tables: Kysely<ActTables>) {
    this.#parts = parts;
    this.#tables = tables;
  }

  /** Takes an act that is about to be done; answers its number. Rejects when it cannot be kept: then it must not be done. */
  begin(act: Omit<Act, 'atUs'>): Promise<bigint> {
    return this.#inTurn(() => this.#begin({ atUs: `${this.#parts.nowUs()}`, ...act }));
  }

  async #begin(act: Act): Promise<bigint> {
    const { newest } = await this.#tables
      .selectFrom('operator_act')
      .select(({ fn }) => fn.max('number').as('newest'))
      .executeTakeFirstOrThrow();
    const row = { number: (newest ?? 0n) + 1n, body: canonicalJson({ ...act }), salt: this.#parts.newSalt() };
    await this.#tables
      .insertInto('operator_act')
      .values({ ...row, leaf: null, status: null })
      .execute();
    return row.number;
  }

  /** The HTTP status that answers the act; what was done, or may have been, goes into the log. */
  async end(number: bigint, status: number): Promise<void> {
    const row = await this.#tables
      .updateTable('operator_act')
      .set({ status: BigInt(status) })
      .where('number', '=', number)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (status < REFUSED || status >= FAILED) await this.#record(row);
  }

  /** Newest first, those below `before` where it is given. */
  async list(before: bigint | null = null, limit = ACTS_READ_MAX): Promise<ActView[]> {
    const rows = await this.#tables
      .selectFrom('operator_act')
      .selectAll()
      .$if(before !== null, (query) => query.where('number', '<', before ?? 0n))
      .orderBy('number', 'desc')
      .limit(Math.min(limit, ACTS_READ_MAX))
      .execute();
    return rows.map(viewOf);
  }

  /** What was or may have been done when a stop came goes into the log now: it knows by the key whether it has it. */
  async #finish(): Promise<void> {
    const rows = await this.#tables
      .selectFrom('operator_act')
      .selectAll()
      .where('leaf', 'is', null)
      .where(({ eb, or }) =>
        or([
          eb('status', 'is', null),
          eb('status', '<', BigInt(REFUSED)),
          eb('status', '>=', BigInt(FAILED)),
        ]),
      )
      .orderBy('number')
      .execute();
    for (const row of rows) await this.#record(row);
  }

  async #record({ number, body, salt }: Pick<ActRow, 'number' | 'body' | 'salt'>): Promise<void> {
    const record = { kind: LEAF_KIND, sha256: actSha256(actOf(body), salt) };
    const [answer] = await this.#parts.ledger.post(this.#parts.nowUs(), [{ key: `act:${salt}`, record }]);
    if (!answer?.ok)
      throw new Failure('act-not-recorded', answer?.message ?? 'the log gave no answer for an act');
    await this.#tables
      .updateTable('operator_act')
      .set({ leaf: answer.index })
      .where('number', '=', number)
      .execute();
  }
}

/** Our own JSON. */
function actOf(body: string): Act {
  return JSON.parse(body) as Act;
}

function viewOf({ number, body, salt, leaf, status }: ActRow): ActView {
  return {
    number: `${number}`,
    ...actOf(body),
    salt,
    leaf: leaf === null ? null : `${leaf}`,
    status: status === null ? null : Number(status),
  };
}
