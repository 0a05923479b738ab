import { RELEASE } from '@jamnet/base';
import { type Kysely, sql } from 'kysely';
import type { Database } from './database.ts';

/** A step that changed this database's tables, and the release that did it. */
export interface JournalledStep {
  readonly store: string;
  readonly step: string;
  readonly release: string;
}

const JOURNAL = 'jamnet_schema_journal';
/** Number of PostgreSQL's advisory lock under which tables are changed (`jamn` in ASCII). */
const LOCK = 0x6a616d6e;

/** Until the transaction ends nobody else changes tables; SQLite's writers are alone from `begin` on. */
export async function lockSchema(transaction: Kysely<unknown>, engine: Database['engine']): Promise<void> {
  if (engine === 'postgres') await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(transaction);
}

/**
 * Writes down that a step was done, in the step's own transaction and under {@link lockSchema}. The store's own table has the columns that
 * Kysely's migrator gives it, for releases that used it.
 */
export async function journalStep(
  transaction: Kysely<unknown>,
  { store, step }: Pick<JournalledStep, 'store' | 'step'>,
  now: Date,
): Promise<void> {
  const own = sql.table(stepTable(store));
  await sql`CREATE TABLE IF NOT EXISTS ${own} (
    name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL)`.execute(transaction);
  await sql`CREATE TABLE IF NOT EXISTS ${sql.table(JOURNAL)} (
    store TEXT NOT NULL, step TEXT NOT NULL, release TEXT NOT NULL, PRIMARY KEY (store, step))`.execute(
    transaction,
  );
  await sql`INSERT INTO ${own} (name, timestamp) VALUES (${step}, ${now.toISOString()})`.execute(transaction);
  await sql`INSERT INTO ${sql.table(JOURNAL)} (store, step, release) VALUES (${store}, ${step}, ${RELEASE})`.execute(
    transaction,
  );
}

/** Empty where no step has been done since the journal is kept. */
export async function journalledSteps(database: Database): Promise<readonly JournalledStep[]> {
  if (!(await hasTable(database.kysely, database.engine, JOURNAL))) return [];
  const all = sql<JournalledStep>`SELECT store, step, release FROM ${sql.table(JOURNAL)} ORDER BY store, step`;
  return (await all.execute(database.kysely)).rows;
}

/** Names of the steps of one store that were done, in their order. */
export async function doneSteps(
  kysely: Kysely<unknown>,
  engine: Database['engine'],
  store: string,
): Promise<readonly string[]> {
  if (!(await hasTable(kysely, engine, stepTable(store)))) return [];
  const named = sql<{ name: string }>`SELECT name FROM ${sql.table(stepTable(store))} ORDER BY name`;
  return (await named.execute(kysely)).rows.map(({ name }) => name);
}

export async function hasTable(
  kysely: Kysely<unknown>,
  engine: Database['engine'],
  name: string,
): Promise<boolean> {
  const found =
    engine === 'sqlite'
      ? sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name}`
      : sql`SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = ${name}`;
  return (await found.execute(kysely)).rows.length > 0;
}

function stepTable(store: string): string {
  return `${store}_migration`;
}
