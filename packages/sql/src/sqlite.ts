import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { SqliteHandle } from './database.ts';
import { StatementCache } from './statement-cache.ts';

/** How long a second process waits for the write lock before `SQLITE_BUSY`. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens (and creates) an SQLite file in WAL mode with `synchronous=FULL`: a returned commit has reached the disk.
 * Integers come back as bigint, so no amount ever passes through floating point.
 */
export function openSqlite(options: { file: string }): SqliteHandle {
  if (options.file !== ':memory:') mkdirSync(dirname(options.file), { recursive: true });
  const connection = new DatabaseSync(options.file, { timeout: BUSY_TIMEOUT_MS });
  connection.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;');
  // 16 MiB: with 64 a coordinator of 10,000 hosts held 15 MB more, and its tasks took as long.
  connection.exec('PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=10000;');
  // What savepoints could undo is kept in memory: a file of the temporary directory took half of all writes.
  connection.exec('PRAGMA temp_store=MEMORY');
  const open = () => new Kysely<unknown>({ dialect: new SqliteDialect({ database: adapt(connection) }) });
  const kysely = open();
  return {
    engine: 'sqlite',
    kysely,
    held: open(),
    sqlite: connection,
    close: async () => {
      await kysely.destroy();
      // Kysely closes nothing that it was never asked to use.
      if (connection.isOpen) connection.close();
    },
  };
}

/** Gives `node:sqlite` the shape that Kysely's SQLite dialect was written for. */
function adapt(connection: DatabaseSync): SqliteDatabase {
  const statements = new StatementCache(connection);
  return {
    close: () => connection.close(),
    // Two processes that both read and then write would meet SQLITE_BUSY_SNAPSHOT; taking the write lock first avoids it.
    prepare: (sql) => adaptStatement(statements, sql === 'begin' ? 'begin immediate' : sql),
  };
}

function adaptStatement(statements: StatementCache, sql: string): SqliteStatement {
  const statement = statements.get(sql);
  return {
    reader: statements.isReader(statement),
    all: (parameters) => statement.all(...bind(parameters)),
    iterate: (parameters) => statements.fresh(sql).iterate(...bind(parameters)) as IterableIterator<unknown>,
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...bind(parameters));
      return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) };
    },
  };
}

/** `undefined` would silently bind NULL: refuse it here. Kysely's parameter list is untyped at this boundary. */
function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((parameter) => {
    if (parameter === undefined)
      throw new TypeError('a parameter is undefined; bind null where NULL is meant');
    return (typeof parameter === 'boolean' ? Number(parameter) : parameter) as SQLInputValue;
  });
}
