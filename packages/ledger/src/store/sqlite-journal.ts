import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { assert } from '@jamnet/base';
import type { MigrationStep, SqliteHandle } from '@jamnet/sql';
import { sql } from 'kysely';
import type { AccountState, Changes, HoldState, KnownLeaf, NewLeaf, NewLeg } from '../core/books.ts';
import type { AssetCode } from '../core/requests.ts';
import type { Head, JournalEngine, JournalSession } from './journal-engine.ts';
import type { AccountRow, HeadRow, LeafRow } from './tables.ts';

/** All SQLite-specific SQL of the ledger. Statements run on the raw connection, inside Kysely's transaction. */
export function sqliteJournal(database: SqliteHandle): JournalEngine {
  let session: SqliteSession | null = null;
  return {
    steps: SQLITE_STEPS,
    transaction: (work) =>
      // Kysely's mutex keeps other packages off the connection until the commit; its begin is BEGIN IMMEDIATE.
      database.kysely.transaction().execute(() => {
        session ??= new SqliteSession(database.sqlite);
        return work(session);
      }),
  };
}

const TABLES = [
  `CREATE TABLE ledger_head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL,
     accounts INTEGER NOT NULL, last_accepted_at_us INTEGER NOT NULL) STRICT`,
  'INSERT INTO ledger_head VALUES (1, 0, 0, 0)',
  `CREATE TABLE ledger_account (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
     asset TEXT NOT NULL, kind TEXT NOT NULL, floor INTEGER, balance INTEGER NOT NULL,
     held INTEGER NOT NULL CHECK (held >= 0), opened_at INTEGER NOT NULL,
     CHECK (balance >= floor + held)) STRICT`,
  'CREATE TABLE ledger_leaf (leaf_index INTEGER PRIMARY KEY, key TEXT UNIQUE, bytes BLOB NOT NULL) STRICT',
  `CREATE TABLE ledger_leg (account_id INTEGER NOT NULL, leaf_index INTEGER NOT NULL, leg_number INTEGER NOT NULL,
     amount INTEGER NOT NULL CHECK (amount <> 0), balance INTEGER NOT NULL,
     PRIMARY KEY (account_id, leaf_index, leg_number)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE ledger_hold (leaf_index INTEGER PRIMARY KEY, expires_at_us INTEGER, settled_by INTEGER) STRICT`,
  'CREATE INDEX ledger_hold_expiry ON ledger_hold (expires_at_us) WHERE settled_by IS NULL',
];

/** Rules of the journal that hold against anybody who writes SQL through an ordinary connection. */
const TRIGGERS = [
  ...['ledger_leaf', 'ledger_leg'].flatMap((table) => [refuse(table, 'UPDATE'), refuse(table, 'DELETE')]),
  refuse('ledger_account', 'DELETE'),
  refuse('ledger_account', 'UPDATE OF id, code, asset, kind, floor, opened_at'),
  refuse('ledger_hold', 'DELETE'),
  refuse('ledger_hold', 'UPDATE', 'OLD.settled_by IS NOT NULL OR NEW.expires_at_us IS NOT OLD.expires_at_us'),
  refuse('ledger_head', 'DELETE'),
  refuse('ledger_head', 'UPDATE', 'NEW.size < OLD.size OR NEW.last_accepted_at_us < OLD.last_accepted_at_us'),
];

function refuse(table: string, event: string, when = '1'): string {
  const name = `${table}_no_${event.slice(0, 6).toLowerCase()}`;
  return `CREATE TRIGGER ${name} BEFORE ${event} ON ${table} WHEN ${when}
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: post a correcting entry'); END`;
}

export const SQLITE_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-journal': async (kysely) => {
    for (const statement of [...TABLES, ...TRIGGERS]) await sql.raw(statement).execute(kysely);
  },
};

class SqliteSession implements JournalSession {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
    // Without this, INSERT OR REPLACE would delete rows without asking the DELETE triggers.
    connection.exec('PRAGMA recursive_triggers=ON');
  }

  async lockHead(): Promise<Head> {
    const row = this.#one<HeadRow>('SELECT * FROM ledger_head WHERE id = 1');
    assert(row, 'the head row was written by the first migration');
    return {
      nextIndex: row.size,
      nextAccountId: Number(row.accounts),
      lastAcceptedAtUs: row.last_accepted_at_us,
    };
  }

  async leavesByKey(keys: readonly string[]): Promise<ReadonlyMap<string, KnownLeaf>> {
    return this.#leaves(
      keys,
      (list) => `SELECT key AS name, leaf_index, bytes FROM ledger_leaf WHERE key IN (${list})`,
    );
  }

  async openingsByCode(codes: readonly string[]): Promise<ReadonlyMap<string, KnownLeaf>> {
    return this.#leaves(
      codes,
      (list) => `SELECT code AS name, leaf_index, bytes FROM ledger_account
        JOIN ledger_leaf ON leaf_index = opened_at WHERE code IN (${list})`,
    );
  }

  async holdsByIndex(indices: readonly bigint[]): Promise<readonly HoldState[]> {
    const rows = indices.map((index) => this.#one<HoldWithLeaf>(`${HOLD} WHERE leaf_index = ?`, index));
    return rows.filter((row) => row !== undefined).map(holdOf);
  }

  async expiredHolds(nowUs: bigint, limit: number): Promise<readonly HoldState[]> {
    const expired = `${HOLD} WHERE settled_by IS NULL AND expires_at_us <= ? ORDER BY leaf_index LIMIT ?`;
    return this.#all<HoldWithLeaf>(expired, nowUs, limit).map(holdOf);
  }

  async accountsByCode(codes: readonly string[]): Promise<readonly AccountState[]> {
    const states: AccountState[] = [];
    for (const chunk of chunksOf(codes)) {
      const list = 'SELECT id, code, asset, floor, balance, held FROM ledger_account WHERE code IN';
      for (const row of this.#all<AccountRow>(`${list} (${marks(chunk.length)})`, ...chunk)) {
        // The asset column holds only what the decider wrote.
        states.push({ ...row, id: Number(row.id), asset: row.asset as AssetCode });
      }
    }
    return states;
  }

  async write(changes: Changes, head: Head): Promise<void> {
    this.#writeLeaves(changes.leaves);
    this.#writeLegs(changes.legs);
    this.#writeAccounts(changes);
    for (const { index, expiresAtUs } of changes.newHolds) {
      this.#run('INSERT INTO ledger_hold VALUES (?, ?, NULL)', index, expiresAtUs);
    }
    for (const { index, settledBy } of changes.settledHolds) {
      this.#run('UPDATE ledger_hold SET settled_by = ? WHERE leaf_index = ?', settledBy, index);
    }
    this.#run(UPDATE_HEAD, head.nextIndex, head.nextAccountId, head.lastAcceptedAtUs);
  }

  #writeAccounts({ opened, touched }: Changes): void {
    const states = new Set(touched);
    const rows = opened.map(({ state, owner, kind, openedAtIndex }) => {
      states.delete(state);
      const { id, code, asset, floor, balance, held } = state;
      return [id, code, owner, asset, kind, floor, balance, held, openedAtIndex];
    });
    this.#insert('ledger_account', 9, rows);
    // One by one in the order of the table: as a set (UPDATE … FROM VALUES) SQLite takes three times as long.
    const inOrder = [...states].sort((a, b) => a.id - b.id);
    const update = this.#statement(UPDATE_ACCOUNT);
    for (const { id, balance, held } of inOrder) update.run(balance, held, id);
  }

  #writeLeaves(leaves: readonly NewLeaf[]): void {
    this.#insert(
      'ledger_leaf',
      3,
      leaves.map(({ index, key, bytes }) => [index, key, bytes]),
    );
  }

  /** In key order, so that neighbouring rows meet the same page of the tree. */
  #writeLegs(legs: readonly NewLeg[]): void {
    const sorted = legs.toSorted((a, b) => a.accountId - b.accountId);
    this.#insert(
      'ledger_leg',
      5,
      sorted.map((leg) => [leg.accountId, leg.entryIndex, leg.legNumber, leg.amount, leg.balance]),
    );
  }

  #insert(table: string, columns: number, rows: readonly SQLInputValue[][]): void {
    for (const chunk of chunksOf(rows)) {
      this.#run(`INSERT INTO ${table} VALUES ${rowMarks(chunk.length, columns)}`, ...chunk.flat());
    }
  }

  #leaves(names: readonly string[], query: (list: string) => string): ReadonlyMap<string, KnownLeaf> {
    const found = new Map<string, KnownLeaf>();
    for (const chunk of chunksOf(names)) {
      const rows = this.#all<LeafRow & { name: string }>(query(marks(chunk.length)), ...chunk);
      for (const { name, leaf_index, bytes } of rows) found.set(name, { index: leaf_index, leaf: bytes });
    }
    return found;
  }

  /** Rows have the columns that the query names; STRICT tables keep their types. */
  #one<Row>(query: string, ...parameters: SQLInputValue[]): Row | undefined {
    return this.#statement(query).get(...parameters) as Row | undefined;
  }

  #all<Row>(query: string, ...parameters: SQLInputValue[]): Row[] {
    return this.#statement(query).all(...parameters) as Row[];
  }

  #run(query: string, ...parameters: SQLInputValue[]): void {
    this.#statement(query).run(...parameters);
  }

  #statement(query: string): StatementSync {
    const cached = this.#statements.get(query);
    if (cached) return cached;
    const statement = this.#connection.prepare(query);
    statement.setReadBigInts(true);
    this.#statements.set(query, statement);
    return statement;
  }
}

const HOLD = 'SELECT leaf_index, settled_by, bytes FROM ledger_hold JOIN ledger_leaf USING (leaf_index)';
const UPDATE_ACCOUNT = 'UPDATE ledger_account SET balance = ?, held = ? WHERE id = ?';
const UPDATE_HEAD = 'UPDATE ledger_head SET size = ?, accounts = ?, last_accepted_at_us = ? WHERE id = 1';

/** Rows per statement: most of the gain of sets, few enough distinct statements to keep prepared. */
const CHUNK_ROWS = 64;

/** Full chunks, then the rest one by one: two statements per query to keep, whatever the batch. */
function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  const full = rows.length - (rows.length % CHUNK_ROWS);
  for (let at = 0; at < full; at += CHUNK_ROWS) yield rows.slice(at, at + CHUNK_ROWS);
  for (let at = full; at < rows.length; at++) yield rows.slice(at, at + 1);
}

function marks(count: number): string {
  return Array(count).fill('?').join(',');
}

function rowMarks(rows: number, columns: number): string {
  return Array(rows)
    .fill(`(${marks(columns)})`)
    .join(',');
}

interface HoldWithLeaf {
  leaf_index: bigint;
  settled_by: bigint | null;
  bytes: Uint8Array;
}

function holdOf(row: HoldWithLeaf): HoldState {
  return { index: row.leaf_index, leaf: row.bytes, settled: row.settled_by !== null };
}
