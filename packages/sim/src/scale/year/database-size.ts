import type { SqliteHandle } from '@jamnet/sql';

/** Rows of all tables, and bytes of their pages and those of their indexes. */
export function databaseSize({ sqlite }: SqliteHandle): { readonly rows: number; readonly bytes: number } {
  let rows = 0;
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  for (const { name } of tables)
    rows += Number(sqlite.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()?.rows ?? 0);
  // Of each page what is used: a page that is half full belongs to the rows that are still to come.
  const { bytes } = sqlite.prepare('SELECT sum(pgsize - unused) AS bytes FROM dbstat').get() ?? {};
  return { rows, bytes: Number(bytes) };
}
