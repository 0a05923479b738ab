import { Failure } from '@jamnet/base';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';

/** One forward step. Fields are added, never changed; there is no way down. */
export type MigrationStep = (kysely: Kysely<unknown>, engine: Database['engine']) => Promise<void>;

/**
 * Brings one package's tables up to date; safe to call at each start and from several processes.
 * `steps` are named in the order they were written, e.g. `{ '001-journal': … }`.
 */
export async function migrate(
  database: Database,
  packageName: string,
  steps: Readonly<Record<string, MigrationStep>>,
): Promise<void> {
  const migrations: Record<string, Migration> = {};
  for (const [name, step] of Object.entries(steps)) {
    // Kysely hands its transaction as Kysely<any>; the step sees no tables but those it creates.
    migrations[name] = { up: (transaction) => step(transaction as Kysely<unknown>, database.engine) };
  }
  const migrator = new Migrator({
    db: database.kysely,
    provider: { getMigrations: async () => migrations },
    migrationTableName: `${packageName}_migration`,
    migrationLockTableName: `${packageName}_migration_lock`,
  });
  await reach(database);
  const { error } = await migrator.migrateToLatest();
  if (error)
    throw new Failure('migration-failed', `${packageName}: the tables could not be brought up to date`, {
      cause: error,
    });
}

/** Says that the database does not answer, before anything else fails because of it. */
async function reach(database: Database): Promise<void> {
  try {
    await sql`SELECT 1`.execute(database.kysely);
  } catch (cause) {
    const why = cause instanceof Error && cause.message ? cause.message : 'no answer';
    const message = `The database does not answer (${why}): check DATABASE_URL and that the server runs.`;
    throw new Failure('database-unreachable', message, { cause });
  }
}
