import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type pg from 'pg';

/** An open database that packages share; each package sees only its own tables through {@link tablesOf}. */
export type Database = SqliteHandle | PostgresHandle;

interface Handle {
  readonly kysely: Kysely<unknown>;
  close(): Promise<void>;
}

/** `sqlite` is the raw connection, for hot paths that need prepared statements of their own. */
export interface SqliteHandle extends Handle {
  readonly engine: 'sqlite';
  readonly sqlite: DatabaseSync;
  /** The same connection once more, for whoever holds it already: `kysely` would make them wait for themselves. */
  readonly held: Kysely<unknown>;
}

/** `pool` is the raw connection pool, for engine-specific SQL such as `FOR UPDATE SKIP LOCKED`. */
export interface PostgresHandle extends Handle {
  readonly engine: 'postgres';
  readonly pool: pg.Pool;
}

/** The same connection, typed with one package's tables. Sound because each package creates the tables it names. */
export function tablesOf<Tables>(database: Database): Kysely<Tables> {
  return database.kysely as unknown as Kysely<Tables>;
}
