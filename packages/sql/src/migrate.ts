import { Failure } from '@jamnet/base';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { MigrationStep, Schema } from './schema.ts';
import { doneSteps, journalStep, lockSchema } from './schema-journal.ts';
import { refuseNewerSchema, schemaState } from './schema-state.ts';

/**
 * Brings one package's tables up to date; safe to call at each start and from several processes. Each step is one transaction with its line
 * in the journal, on both engines: a crash leaves all of it or nothing. Throws `database-unreachable`, `schema-too-new` (nothing is written
 * then) and `migration-failed`. Answers the steps that were done now.
 */
export async function migrate(
  database: Database,
  store: string,
  steps: Readonly<Record<string, MigrationStep>>,
): Promise<readonly string[]> {
  await reach(database);
  const state = await schemaState(database, { store, steps });
  await refuseNewerSchema(database, [state]);
  const done: string[] = [];
  for (const step of state.waiting) if (await runOnce(database, { store, steps }, step)) done.push(step);
  return done;
}

/** Answers false where another process has done the step meanwhile. */
async function runOnce(database: Database, { store, steps }: Schema, step: string): Promise<boolean> {
  const { kysely, engine } = database;
  try {
    return await kysely.transaction().execute(async (transaction) => {
      await lockSchema(transaction, engine);
      if ((await doneSteps(transaction, engine, store)).includes(step)) return false;
      await steps[step]?.(transaction, engine);
      await journalStep(transaction, { store, step }, new Date());
      return true;
    });
  } catch (cause) {
    const message = `${store}: step ${step} could not be done, the tables are as before it: look at the cause, and start again.`;
    throw new Failure('migration-failed', message, { cause });
  }
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
