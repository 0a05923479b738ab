import type { Database } from '@jamnet/sql';
import { sql } from 'kysely';

/** How far the tables of one package's store have been brought. */
export interface SchemaStep {
  readonly store: string;
  /** Name of the last step, which begins with its number. */
  readonly step: string;
}

/** `migrate` of @jamnet/sql keeps the steps that are done in tables so called. */
const MIGRATION_TABLE = /^(\w+)_migration$/;

/** The last migration of each store that this database has, by name. */
export async function schemaSteps(database: Database): Promise<readonly SchemaStep[]> {
  const { kysely, engine } = database;
  const listed =
    engine === 'sqlite'
      ? sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`
      : sql<{ name: string }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`;
  const tables = (await listed.execute(kysely)).rows.map(({ name }) => name).sort();
  const steps: SchemaStep[] = [];
  for (const table of tables) {
    const store = MIGRATION_TABLE.exec(table)?.[1];
    if (store === undefined) continue;
    const last = sql<{ name: string | null }>`SELECT max(name) AS name FROM ${sql.table(table)}`;
    const step = (await last.execute(kysely)).rows[0]?.name;
    if (step) steps.push({ store, step });
  }
  return steps;
}
