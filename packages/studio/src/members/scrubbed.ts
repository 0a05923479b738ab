import type { Database } from '@jamnet/sql';

/**
 * Does work that deletes, so that the embedded database's files keep nothing of what went: freed parts of pages are overwritten
 * (PRAGMA secure_delete), and the log of pages that holds what was before is emptied. PostgreSQL frees dead rows by its own VACUUM.
 */
export async function scrubbed<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (database.engine !== 'sqlite') return work();
  database.sqlite.exec('PRAGMA secure_delete=ON');
  try {
    return await work();
  } finally {
    database.sqlite.exec('PRAGMA secure_delete=OFF');
    database.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
}
