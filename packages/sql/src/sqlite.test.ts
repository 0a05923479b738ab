import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from './sqlite.ts';

test('a commit reaches the disk before it returns, and what savepoints could undo stays in memory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-sqlite-'));
  const database = openSqlite({ file: join(directory, 'settings.sqlite') });
  const setting = (name: string) => Object.values(database.sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  const [full, memory] = [2, 2]; // as SQLite numbers them
  expect([setting('journal_mode'), setting('synchronous'), setting('temp_store')]).toEqual([
    'wal',
    full,
    memory,
  ]);
  await database.close();
  rmSync(directory, { recursive: true });
});
