import { join } from 'node:path';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** PostgreSQL when a URL is given, else the embedded SQLite file `jamnet.sqlite` under the data directory. */
export function openDatabase(options: { directory: string; databaseUrl?: string | undefined }): Database {
  if (options.databaseUrl) return openPostgres({ url: options.databaseUrl });
  return openSqlite({ file: join(options.directory, 'jamnet.sqlite') });
}
