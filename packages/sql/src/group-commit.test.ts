import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SqliteHandle } from './database.ts';
import { GroupCommit, WORKS_PER_COMMIT_MAX } from './group-commit.ts';
import { openSqlite } from './sqlite.ts';

let directory = '';
let database: SqliteHandle;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-group-'));
  database = openSqlite({ file: join(directory, 'test.sqlite') });
  database.sqlite.exec('CREATE TABLE mark (name TEXT PRIMARY KEY)');
});

afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

const mark = (name: string) => async (transaction: Kysely<unknown>) => {
  await sql`INSERT INTO mark VALUES (${name})`.execute(transaction);
  return name;
};
const marks = () =>
  database.sqlite
    .prepare('SELECT name FROM mark ORDER BY name')
    .all()
    .map((row) => row.name);

test('works that wait together share commits, as many as one may carry', async () => {
  let commits = 0;
  const group = new GroupCommit(database, async () => {
    commits++;
  });
  const names = Array.from({ length: WORKS_PER_COMMIT_MAX + 1 }, (_, n) => `m${1000 + n}`);
  expect(await Promise.all(names.map((name) => group.transaction(mark(name))))).toEqual(names);
  expect(marks()).toEqual(names);
  expect(commits).toBe(2);
});

test('a work that throws is undone alone', async () => {
  const group = new GroupCommit(database);
  const fails = group.transaction(async (transaction) => {
    await mark('half')(transaction);
    throw new Error('no');
  });
  const others = [group.transaction(mark('a')), group.transaction(mark('b'))];
  await expect(fails).rejects.toThrow('no');
  await Promise.all(others);
  expect(marks()).toEqual(['a', 'b']);
});

test('a commit that fails fails all its works and leaves nothing; the next one works', async () => {
  let isBroken = true;
  const group = new GroupCommit(database, async () => {
    if (isBroken) throw new Error('disk full');
  });
  const works = await Promise.allSettled([group.transaction(mark('a')), group.transaction(mark('b'))]);
  expect(works.map((work) => work.status)).toEqual(['rejected', 'rejected']);
  expect(marks()).toEqual([]);
  isBroken = false;
  await group.transaction(mark('c'));
  expect(marks()).toEqual(['c']);
});

test('nobody hears of a work before its commit', async () => {
  const group = new GroupCommit(database, async () => {
    expect(heard).toBe(false);
  });
  let heard = false;
  await group.transaction(mark('a')).then(() => {
    heard = true;
  });
  expect(heard).toBe(true);
});

test('works of a database that is closed are refused', async () => {
  const other = openSqlite({ file: join(directory, 'other.sqlite') });
  const group = new GroupCommit(other);
  await group.transaction(async () => {});
  await other.close();
  await expect(group.transaction(async () => {})).rejects.toThrow();
});
