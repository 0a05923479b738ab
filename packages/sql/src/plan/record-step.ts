import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Database } from '../database.ts';
import type { MigrationStep } from '../schema.ts';

const READS = /^\s*(select|with)\b/i;

/** The statements by which a step would change the database; what it reads is read, nothing is written. */
export async function recordStep(database: Database, step: MigrationStep): Promise<readonly string[]> {
  const statements: string[] = [];
  const connection: DatabaseConnection = {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      if (READS.test(sql)) return readOrNothing<Row>(database, CompiledQuery.raw(sql, [...parameters]));
      statements.push(sql);
      return { rows: [], numAffectedRows: 0n };
    },
    // biome-ignore lint/correctness/useYield: no migration streams, and Kysely asks for the method.
    async *streamQuery() {
      throw new TypeError('a migration reads rows at once');
    },
  };
  await step(recorder(database.engine, connection), database.engine);
  return statements;
}

/** Tables and columns that steps before it would have made are not there yet, and no row of them is. */
async function readOrNothing<Row>(database: Database, query: CompiledQuery): Promise<QueryResult<Row>> {
  try {
    // The step says what its rows look like.
    return (await database.kysely.executeQuery(query)) as QueryResult<Row>;
  } catch {
    return { rows: [] };
  }
}

function recorder(engine: Database['engine'], connection: DatabaseConnection): Kysely<unknown> {
  const isSqlite = engine === 'sqlite';
  const nothing = async (): Promise<void> => undefined;
  const driver: Driver = {
    ...{ init: nothing, destroy: nothing, releaseConnection: nothing },
    ...{ beginTransaction: nothing, commitTransaction: nothing, rollbackTransaction: nothing },
    acquireConnection: async () => connection,
  };
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
      createDriver: () => driver,
      createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
      createIntrospector: (db) => (isSqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
    },
  });
}
