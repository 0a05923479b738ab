import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@jamnet/base';
import { openSqlite, type Schema, type SqliteHandle } from '@jamnet/sql';
import { fillBooks } from '../../testing/lived-books.ts';
import { openStudioIn } from '../../testing/open-studio-in.ts';
import { studioSchemas } from '../studio-schemas.ts';

/** Last steps of the release before: commit f5811ad of 2026-11-22. Stores that are not here it had not. */
const PREVIOUS_STEPS: Readonly<Record<string, string>> = {
  ledger: '001-journal',
  economy: '005-numbers',
  economy_perks: '001-perk',
  economy_reports: '001-display-name',
  economy_payee_files: '001-payee-file',
  economy_payouts: '002-terms',
  mesh: '002-node-kinds',
};
/** A host that the release before knew. */
export const OLD_HOST = 'host-of-the-release-before';

/** A lived studio as the release before left it: its books and log, and tables with that release's columns alone. */
export async function makePreviousFolder(directory: string, nowUs: bigint): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await fillBooks(directory, nowUs);
  await (await openStudioIn(directory)).close();
  const database = openSqlite({ file: join(directory, 'jamnet.sqlite') });
  try {
    database.sqlite.exec('PRAGMA foreign_keys=OFF; DROP TABLE jamnet_schema_journal');
    for (const schema of studioSchemas('sqlite')) await takeBack(database, schema);
    database.sqlite.exec(`INSERT INTO mesh_node (id, public_key, name, owner_group, payee, trusted, state, precision_class, revealed,
      consecutive_valid, proven_fakes, held_units, released_units, forfeited_units, seen_at_us, kind_keys)
      VALUES ('${OLD_HOST}', '${'ab'.repeat(32)}', 'old', 'group-1', 'p${'9a'.repeat(16)}', 0, 'active', 'strict', 0, 7, 0, 5, 40, 0, ${nowUs}, NULL)`);
  } finally {
    await database.close();
  }
}

async function takeBack(database: SqliteHandle, schema: Schema): Promise<void> {
  const { sqlite } = database;
  const { store, steps } = schema;
  const last = PREVIOUS_STEPS[store];
  const names = Object.keys(steps).sort();
  if (last === names.at(-1)) return;
  assert(store === 'mesh' || last === undefined, `${store}: say how its rows are taken back to ${last}`);
  for (const table of await tablesMadeBy(schema)) sqlite.exec(`DROP TABLE ${table}`);
  sqlite.exec(`DROP TABLE ${store}_migration`);
  if (last === undefined) return;
  // As Kysely's migrator wrote it down, which that release used.
  sqlite.exec(`CREATE TABLE ${store}_migration (name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL);
    CREATE TABLE ${store}_migration_lock (id varchar(255) NOT NULL PRIMARY KEY, is_locked integer DEFAULT 0 NOT NULL);
    INSERT INTO ${store}_migration_lock VALUES ('migration_lock', 0)`);
  for (const name of names.slice(0, names.indexOf(last) + 1)) {
    await steps[name]?.(database.kysely, 'sqlite');
    sqlite.exec(`INSERT INTO ${store}_migration VALUES ('${name}', '2026-11-22T12:00:00.000Z')`);
  }
}

/** In the order that lets those go first that refer to others. */
async function tablesMadeBy({ steps }: Schema): Promise<readonly string[]> {
  const scratch = openSqlite({ file: ':memory:' });
  try {
    for (const name of Object.keys(steps).sort()) await steps[name]?.(scratch.kysely, 'sqlite');
    const made = scratch.sqlite.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid DESC",
    );
    return made.all().map(({ name }) => String(name));
  } finally {
    await scratch.close();
  }
}
