import { oneAfterAnother } from '@jamnet/base';
import type { Database } from './database.ts';

/** Two at once would switch overwriting off for each other. */
const inTurn = oneAfterAnother();

/**
 * Does work that deletes, so that the embedded database's files keep nothing of what went: freed parts of pages are overwritten
 * (PRAGMA secure_delete), and the log of pages that holds what was before is emptied. PostgreSQL frees dead rows by its own VACUUM.
 */
export async function scrubbed<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (database.engine !== 'sqlite') return work();
  const { kysely, sqlite } = database;
  /** With the connection to itself: inside somebody's transaction the log cannot be emptied. */
  const alone = (statements: string): Promise<void> =>
    kysely.connection().execute(async () => sqlite.exec(statements));
  return inTurn(async () => {
    await alone('PRAGMA secure_delete=ON');
    try {
      return await work();
    } finally {
      await alone('PRAGMA secure_delete=OFF; PRAGMA wal_checkpoint(TRUNCATE)');
    }
  });
}
