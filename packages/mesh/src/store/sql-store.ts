import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { MeshStore, MeshTables } from '../core/store.ts';
import { checkTables, nodeTables, paperTables, workTables } from './book-tables.ts';
import { MIGRATIONS } from './migrations.ts';
import type { MeshKysely, Tables } from './tables.ts';
import { taskTables } from './task-tables.ts';

/** Times a transaction is begun anew after a deadlock or a race that the database refused. */
const TRIES_MAX = 5;

/** PostgreSQL: serialization_failure, deadlock_detected, unique_violation (two coordinators leased replicas to one owner). */
const RETRIED_CODES: ReadonlySet<unknown> = new Set(['40001', '40P01', '23505']);

/** The coordinator's store on either engine. Creates its tables when they are missing. */
export async function openMeshStore(database: Database): Promise<MeshStore> {
  await migrate(database, 'mesh', MIGRATIONS);
  const kysely = tablesOf<Tables>(database);
  return {
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        try {
          return await kysely
            .transaction()
            .execute((transaction) => work(tables(transaction, database.engine)));
        } catch (error) {
          if (
            tries === TRIES_MAX ||
            !(error instanceof Error && 'code' in error && RETRIED_CODES.has(error.code))
          )
            throw error;
        }
      }
    },
  };
}

function tables(kysely: MeshKysely, engine: Database['engine']): MeshTables {
  return {
    ...taskTables(kysely, engine),
    ...nodeTables(kysely, engine),
    ...checkTables(kysely, engine),
    ...workTables(kysely),
    ...paperTables(kysely),
  };
}
