import { createHash } from 'node:crypto';
import { assert } from '@jamnet/base';
import type { Database, PostgresHandle, SqliteHandle } from '@jamnet/sql';
import type { BenchTransfer } from './bench-ledger.ts';

/** The least a ledger does, written by hand: what the engine itself allows. */
export interface BareBooks {
  post(transfers: readonly BenchTransfer[]): Promise<void>;
  poolBalance(): Promise<bigint>;
}

/** Account 0 is the pool; the others are 1… */
const POOL = 0;
const FUND = 10n ** 15n;

export function openBareBooks(database: Database, accounts: number): Promise<BareBooks> {
  return database.engine === 'sqlite' ? bareSqlite(database, accounts) : barePostgres(database, accounts);
}

/** Transfer with unique key, two entries with running balance and version, floors by CHECK, append-only triggers. */
const SQLITE_SCHEMA = `
  CREATE TABLE account (id INTEGER PRIMARY KEY, asset TEXT NOT NULL, balance INTEGER NOT NULL, version INTEGER NOT NULL,
    floor INTEGER, CHECK (floor IS NULL OR balance >= floor)) STRICT;
  CREATE TABLE transfer (id INTEGER PRIMARY KEY, idem TEXT NOT NULL UNIQUE, request_hash BLOB NOT NULL,
    debit INTEGER NOT NULL, credit INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), at INTEGER NOT NULL,
    CHECK (debit <> credit)) STRICT;
  CREATE TABLE entry (account INTEGER NOT NULL, version INTEGER NOT NULL, transfer INTEGER NOT NULL,
    amount INTEGER NOT NULL, balance INTEGER NOT NULL, PRIMARY KEY (account, version)) STRICT, WITHOUT ROWID;
  CREATE TRIGGER entry_u BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TRIGGER entry_d BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;`;

async function bareSqlite(database: SqliteHandle, accounts: number): Promise<BareBooks> {
  const db = database.sqlite;
  db.exec(SQLITE_SCHEMA);
  const open = db.prepare("INSERT INTO account VALUES (?, 'JAM', ?, 0, 0)");
  db.exec('BEGIN');
  for (let id = 0; id <= accounts; id++) open.run(id, id === POOL ? FUND : 0n);
  db.exec('COMMIT');
  const transfer = db.prepare('INSERT INTO transfer VALUES (?,?,?,?,?,?,?)');
  const entry = db.prepare('INSERT INTO entry VALUES (?,?,?,?,?)');
  const move = db.prepare(
    'UPDATE account SET balance = balance + ?, version = version + 1 WHERE id = ? RETURNING balance, version',
  );
  move.setReadBigInts(true);
  let id = 0;
  const side = (account: number, amount: bigint): void => {
    // RETURNING names exactly these two columns.
    const after = move.get(amount, account) as { balance: bigint; version: bigint };
    entry.run(account, after.version, id, amount, after.balance);
  };
  return {
    async post(transfers) {
      db.exec('BEGIN IMMEDIATE');
      for (const { key, account, amount } of transfers) {
        transfer.run(++id, key, requestHash(key, account, amount), POOL, account + 1, amount, 0);
        side(POOL, -amount);
        side(account + 1, amount);
      }
      db.exec('COMMIT');
    },
    async poolBalance() {
      const read = db.prepare('SELECT balance FROM account WHERE id = 0');
      read.setReadBigInts(true);
      const balance = read.get()?.balance;
      assert(typeof balance === 'bigint', 'the pool has a balance');
      return balance;
    },
  };
}

const POSTGRES_SCHEMA = `
  CREATE SCHEMA bare;
  CREATE TABLE bare.account (id BIGINT PRIMARY KEY, asset TEXT NOT NULL, balance BIGINT NOT NULL, version BIGINT NOT NULL,
    floor BIGINT, CHECK (floor IS NULL OR balance >= floor));
  CREATE TABLE bare.transfer (id BIGINT PRIMARY KEY, idem TEXT NOT NULL UNIQUE, request_hash BYTEA NOT NULL,
    debit BIGINT NOT NULL, credit BIGINT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), at BIGINT NOT NULL,
    CHECK (debit <> credit));
  CREATE TABLE bare.entry (account BIGINT NOT NULL, version BIGINT NOT NULL, transfer BIGINT NOT NULL,
    amount BIGINT NOT NULL, balance BIGINT NOT NULL, PRIMARY KEY (account, version));
  CREATE FUNCTION bare.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
  CREATE TRIGGER entry_no BEFORE UPDATE OR DELETE ON bare.entry FOR EACH ROW EXECUTE FUNCTION bare.refuse();`;

/** Set-based, one round trip: running balances by window function over the locked accounts. */
const POSTGRES_POST = `
  WITH input AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS t(id, idem, hash, credit, amount)
  ), transfers AS (
    INSERT INTO bare.transfer SELECT id, idem, decode(hash, 'hex'), 0, credit, amount, 0 FROM input
  ), legs AS (
    SELECT 0::bigint AS account, id, -amount AS amount FROM input UNION ALL SELECT credit, id, amount FROM input
  ), numbered AS (
    SELECT l.account, a.version + row_number() OVER w AS version, l.id, l.amount, a.balance + sum(l.amount) OVER w AS balance
    FROM legs l JOIN bare.account a ON a.id = l.account WINDOW w AS (PARTITION BY l.account ORDER BY l.id)
  ), entries AS (
    INSERT INTO bare.entry SELECT account, version, id, amount, balance::bigint FROM numbered
  )
  UPDATE bare.account a SET balance = a.balance + s.delta, version = a.version + s.count
  FROM (SELECT account, sum(amount)::bigint AS delta, count(*) AS count FROM legs GROUP BY account) s WHERE a.id = s.account`;

async function barePostgres(database: PostgresHandle, accounts: number): Promise<BareBooks> {
  // As in the ledger: an idle connection that the server ends is no failure of a request.
  if (database.pool.listenerCount('error') === 0) database.pool.on('error', () => {});
  await database.pool.query(POSTGRES_SCHEMA);
  await database.pool.query(
    "INSERT INTO bare.account SELECT i, 'JAM', CASE WHEN i = 0 THEN $1::bigint ELSE 0 END, 0, 0 FROM generate_series(0, $2::bigint) i",
    [FUND, accounts],
  );
  let id = 0;
  return {
    async post(transfers) {
      const first = id;
      id += transfers.length;
      const values = [
        transfers.map((_, i) => first + i + 1),
        transfers.map(({ key }) => key),
        transfers.map(({ key, account, amount }) => requestHash(key, account, amount).toString('hex')),
        transfers.map(({ account }) => account + 1),
        transfers.map(({ amount }) => amount),
      ];
      const connection = await database.pool.connect();
      try {
        await connection.query('BEGIN');
        const touched = [POOL, ...transfers.map(({ account }) => account + 1)];
        const lock = 'SELECT id FROM bare.account WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE';
        await connection.query({ name: 'bare-lock', text: lock, values: [touched] });
        const known = 'SELECT idem, request_hash FROM bare.transfer WHERE idem = ANY($1::text[])';
        await connection.query({ name: 'bare-known', text: known, values: [values[1]] });
        await connection.query({ name: 'bare-post', text: POSTGRES_POST, values });
        await connection.query('COMMIT');
      } finally {
        connection.release();
      }
    },
    async poolBalance() {
      // bigint columns come back as bigint (see @jamnet/sql).
      return (await database.pool.query('SELECT balance FROM bare.account WHERE id = 0')).rows[0]
        ?.balance as bigint;
    },
  };
}

function requestHash(key: string, account: number, amount: bigint): Buffer {
  return createHash('sha256').update(`${key}/${account}/${amount}`).digest();
}
