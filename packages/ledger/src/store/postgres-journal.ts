import { assert } from '@jamnet/base';
import { leaderStep, type MigrationStep, type PostgresHandle } from '@jamnet/sql';
import { sql } from 'kysely';
import type { AccountState, Changes, HoldState, KnownLeaf } from '../core/books.ts';
import type { AssetCode } from '../core/requests.ts';
import type { Head, JournalEngine, JournalSession } from './journal-engine.ts';
import type { AccountRow, HeadRow } from './tables.ts';

/** What of `pg`'s client is used here. */
interface Client {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  query(config: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** All PostgreSQL-specific SQL of the ledger: one statement per step, whatever the batch. */
export function postgresJournal(database: PostgresHandle): JournalEngine {
  // An idle connection that the server ends is replaced by the next request; without a listener it would end the process.
  if (database.pool.listenerCount('error') === 0) database.pool.on('error', () => {});
  return { steps: POSTGRES_STEPS, transaction: (work) => inTransaction(database, work) };
}

/** READ COMMITTED: after the head row is locked, each statement sees all that was committed before. */
async function inTransaction<T>(
  database: PostgresHandle,
  work: (session: JournalSession) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await work(new PostgresSession(client));
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    await client.query('ROLLBACK').catch((error: Error) => {
      broken = error;
    });
    throw cause;
  } finally {
    client.release(broken);
  }
}

const TABLES = [
  `CREATE TABLE ledger_head (id BIGINT PRIMARY KEY CHECK (id = 1), size BIGINT NOT NULL,
     accounts BIGINT NOT NULL, last_accepted_at_us BIGINT NOT NULL)`,
  'INSERT INTO ledger_head VALUES (1, 0, 0, 0)',
  // COLLATE "C": byte order, as SQLite has it, and no collation library in the way of an upgrade.
  // fillfactor: balances change in place (HOT), so the index on code is not touched.
  `CREATE TABLE ledger_account (id BIGINT PRIMARY KEY, code TEXT COLLATE "C" NOT NULL UNIQUE, owner TEXT NOT NULL,
     asset TEXT NOT NULL, kind TEXT NOT NULL, floor BIGINT, balance BIGINT NOT NULL,
     held BIGINT NOT NULL CHECK (held >= 0), opened_at BIGINT NOT NULL,
     CHECK (balance >= floor + held)) WITH (fillfactor = 50)`,
  'CREATE TABLE ledger_leaf (leaf_index BIGINT PRIMARY KEY, key TEXT COLLATE "C" UNIQUE, bytes BYTEA NOT NULL)',
  `CREATE TABLE ledger_leg (account_id BIGINT NOT NULL, leaf_index BIGINT NOT NULL, leg_number BIGINT NOT NULL,
     amount BIGINT NOT NULL CHECK (amount <> 0), balance BIGINT NOT NULL,
     PRIMARY KEY (account_id, leaf_index, leg_number))`,
  'CREATE TABLE ledger_hold (leaf_index BIGINT PRIMARY KEY, expires_at_us BIGINT, settled_by BIGINT)',
  'CREATE INDEX ledger_hold_expiry ON ledger_hold (expires_at_us) WHERE settled_by IS NULL',
  `CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'the ledger is append-only: post a correcting entry'; END $$`,
];

/** Row triggers do not see TRUNCATE: each table has a statement trigger for it. */
const TRIGGERS = [
  ...['ledger_leaf', 'ledger_leg'].map((table) => refuse(table, 'UPDATE OR DELETE')),
  refuse('ledger_account', 'DELETE'),
  refuse('ledger_account', 'UPDATE OF id, code, asset, kind, floor, opened_at'),
  refuse('ledger_hold', 'DELETE'),
  refuse(
    'ledger_hold',
    'UPDATE',
    'OLD.settled_by IS NOT NULL OR NEW.expires_at_us IS DISTINCT FROM OLD.expires_at_us',
  ),
  refuse('ledger_head', 'DELETE'),
  refuse('ledger_head', 'UPDATE', 'NEW.size < OLD.size OR NEW.last_accepted_at_us < OLD.last_accepted_at_us'),
  ...['ledger_leaf', 'ledger_leg', 'ledger_account', 'ledger_hold', 'ledger_head'].map(
    (table) =>
      `CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} EXECUTE FUNCTION ledger_refuse()`,
  ),
];

function refuse(table: string, event: string, when = 'true'): string {
  const name = `${table}_no_${event.slice(0, 6).toLowerCase()}`;
  return `CREATE TRIGGER ${name} BEFORE ${event} ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ledger_refuse()`;
}

export const POSTGRES_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-journal': async (kysely) => {
    for (const statement of [...TABLES, ...TRIGGERS]) await sql.raw(statement).execute(kysely);
  },
  /** Who publishes the log, and what was signed last: of several processes each has a directory of its own. */
  '002-log-head': async (kysely, engine) => {
    await leaderStep('ledger')(kysely, engine);
    const head = 'CREATE TABLE ledger_log_head (id BIGINT PRIMARY KEY CHECK (id = 1), note BYTEA NOT NULL)';
    await sql.raw(head).execute(kysely);
  },
};

class PostgresSession implements JournalSession {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * The head row serialises posters, so accounts need no locks of their own: whoever holds it is alone, deadlocks
   * cannot form, and leaves are numbered in commit order.
   */
  async lockHead(): Promise<Head> {
    const [row] = await this.#rows<HeadRow>(
      'ledger-head',
      'SELECT * FROM ledger_head WHERE id = 1 FOR UPDATE',
      [],
    );
    assert(row, 'the head row was written by the first migration');
    return {
      nextIndex: row.size,
      nextAccountId: Number(row.accounts),
      lastAcceptedAtUs: row.last_accepted_at_us,
    };
  }

  async leavesByKey(keys: readonly string[]): Promise<ReadonlyMap<string, KnownLeaf>> {
    const query = 'SELECT key AS name, leaf_index, bytes FROM ledger_leaf WHERE key = ANY($1::text[])';
    return this.#leaves('ledger-leaves', query, keys);
  }

  async openingsByCode(codes: readonly string[]): Promise<ReadonlyMap<string, KnownLeaf>> {
    const query = `SELECT code AS name, leaf_index, bytes FROM ledger_account
      JOIN ledger_leaf ON leaf_index = opened_at WHERE code = ANY($1::text[])`;
    return this.#leaves('ledger-openings', query, codes);
  }

  async holdsByIndex(indices: readonly bigint[]): Promise<readonly HoldState[]> {
    if (indices.length === 0) return [];
    const query = `${HOLD} WHERE leaf_index = ANY($1::bigint[]) ORDER BY leaf_index`;
    return (await this.#rows<HoldWithLeaf>('ledger-holds', query, [integers(indices)])).map(holdOf);
  }

  async expiredHolds(nowUs: bigint, limit: number): Promise<readonly HoldState[]> {
    const query = `${HOLD} WHERE settled_by IS NULL AND expires_at_us <= $1 ORDER BY leaf_index LIMIT $2`;
    return (await this.#rows<HoldWithLeaf>('ledger-expired', query, [nowUs, limit])).map(holdOf);
  }

  async accountsByCode(codes: readonly string[]): Promise<readonly AccountState[]> {
    if (codes.length === 0) return [];
    const rows = await this.#rows<AccountRow>('ledger-accounts', ACCOUNTS, [codes]);
    // The asset column holds only what the decider wrote.
    return rows.map((row) => ({ ...row, id: Number(row.id), asset: row.asset as AssetCode }));
  }

  async write(changes: Changes, head: Head): Promise<void> {
    await this.#writeAccounts(changes);
    await this.#writeJournal(changes, head);
    await this.#writeHolds(changes);
  }

  async #writeAccounts({ opened }: Changes): Promise<void> {
    if (opened.length === 0) return;
    await this.#client.query(
      `INSERT INTO ledger_account SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[],
         $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])`,
      [
        integers(opened.map(({ state }) => state.id)),
        opened.map(({ state }) => state.code),
        opened.map(({ owner }) => owner),
        opened.map(({ state }) => state.asset),
        opened.map(({ kind }) => kind),
        integers(opened.map(({ state }) => state.floor)),
        integers(opened.map(() => 0n)),
        integers(opened.map(() => 0n)),
        integers(opened.map(({ openedAtIndex }) => openedAtIndex)),
      ],
    );
  }

  async #writeJournal({ leaves, legs, touched }: Changes, head: Head): Promise<void> {
    const offsets: number[] = [];
    let end = 1;
    for (const { bytes } of leaves) {
      offsets.push(end);
      end += bytes.length;
    }
    const accounts = [...touched];
    // One binary parameter cut up by the server: an array of bytea would travel as hexadecimal text.
    const values = [
      integers(leaves.map(({ index }) => index)),
      leaves.map(({ key }) => key),
      integers(offsets),
      integers(leaves.map(({ bytes }) => bytes.length)),
      Buffer.concat(leaves.map(({ bytes }) => bytes)),
      integers(legs.map(({ accountId }) => accountId)),
      integers(legs.map(({ entryIndex }) => entryIndex)),
      integers(legs.map(({ legNumber }) => legNumber)),
      integers(legs.map(({ amount }) => amount)),
      integers(legs.map(({ balance }) => balance)),
      integers(accounts.map(({ id }) => id)),
      integers(accounts.map(({ balance }) => balance)),
      integers(accounts.map(({ held }) => held)),
      head.nextIndex,
      head.nextAccountId,
      head.lastAcceptedAtUs,
    ];
    await this.#client.query({ name: 'ledger-write', text: WRITE, values });
  }

  async #writeHolds({ newHolds, settledHolds }: Changes): Promise<void> {
    if (newHolds.length > 0) {
      await this.#client.query('INSERT INTO ledger_hold SELECT * FROM unnest($1::bigint[], $2::bigint[])', [
        integers(newHolds.map(({ index }) => index)),
        integers(newHolds.map(({ expiresAtUs }) => expiresAtUs)),
      ]);
    }
    if (settledHolds.length > 0) {
      await this.#client.query(
        `UPDATE ledger_hold SET settled_by = s.settled_by
         FROM unnest($1::bigint[], $2::bigint[]) AS s(leaf_index, settled_by) WHERE ledger_hold.leaf_index = s.leaf_index`,
        [
          integers(settledHolds.map(({ index }) => index)),
          integers(settledHolds.map(({ settledBy }) => settledBy)),
        ],
      );
    }
  }

  async #leaves(
    name: string,
    text: string,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, KnownLeaf>> {
    if (values.length === 0) return new Map();
    const rows = await this.#rows<{ name: string; leaf_index: bigint; bytes: Uint8Array }>(name, text, [
      values,
    ]);
    return new Map(rows.map((row) => [row.name, { index: row.leaf_index, leaf: row.bytes }]));
  }

  /** Named, so that the server parses it once per connection. Rows have the columns that the query names. */
  async #rows<Row>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return (await this.#client.query({ name, text, values })).rows as Row[];
  }
}

const ACCOUNTS =
  'SELECT id, code, asset, floor, balance, held FROM ledger_account WHERE code = ANY($1::text[])';
const HOLD = 'SELECT leaf_index, settled_by, bytes FROM ledger_hold JOIN ledger_leaf USING (leaf_index)';

/** Leaves, legs, balances and head in one round trip. */
const WRITE = `
  WITH leaf AS (
    INSERT INTO ledger_leaf
    SELECT i, k, substr($5::bytea, o, n) FROM unnest($1::bigint[], $2::text[], $3::int[], $4::int[]) AS l(i, k, o, n)
  ), leg AS (
    INSERT INTO ledger_leg SELECT * FROM unnest($6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
  ), balance AS (
    UPDATE ledger_account SET balance = b.balance, held = b.held
    FROM unnest($11::bigint[], $12::bigint[], $13::bigint[]) AS b(id, balance, held) WHERE ledger_account.id = b.id
  )
  UPDATE ledger_head SET size = $14, accounts = $15, last_accepted_at_us = $16 WHERE id = 1`;

/** Array literal. Digits only, so nothing is rounded and nothing needs quoting. */
function integers(values: readonly (bigint | number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

interface HoldWithLeaf {
  leaf_index: bigint;
  settled_by: bigint | null;
  bytes: Uint8Array;
}

function holdOf(row: HoldWithLeaf): HoldState {
  return { index: row.leaf_index, leaf: row.bytes, settled: row.settled_by !== null };
}
