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
  const group = new GroupCommit(database, {
    beforeCommit: async () => {
      commits++;
    },
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
  const group = new GroupCommit(database, {
    beforeCommit: async () => {
      if (isBroken) throw new Error('disk full');
    },
  });
  const works = await Promise.allSettled([group.transaction(mark('a')), group.transaction(mark('b'))]);
  expect(works.map((work) => work.status)).toEqual(['rejected', 'rejected']);
  expect(marks()).toEqual([]);
  isBroken = false;
  await group.transaction(mark('c'));
  expect(marks()).toEqual(['c']);
});

test('who keeps in memory what the database holds hears of each work that was undone before the next one begins', async () => {
  const seen: string[] = [];
  let isBroken = false;
  const group = new GroupCommit(database, {
    beforeCommit: async () => {
      if (isBroken) throw new Error('disk full');
    },
    undone: () => seen.push('undone'),
  });
  const run = (name: string, fails: boolean) =>
    group
      .transaction(async () => {
        seen.push(name);
        if (fails) throw new Error('no');
      })
      .catch(() => {});
  await Promise.all([run('a', false), run('b', true), run('c', false)]);
  expect(seen.splice(0)).toEqual(['a', 'b', 'undone', 'c']);
  isBroken = true;
  await run('d', false);
  isBroken = false;
  await run('e', false);
  expect(seen).toEqual(['d', 'undone', 'e']);
});

test('nobody hears of a work before its commit', async () => {
  const group = new GroupCommit(database, {
    beforeCommit: async () => {
      expect(heard).toBe(false);
    },
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

/** A disk that brings the log to safety when it is told to. */
function diskByHand() {
  const syncs: { done(): void; fail(error: Error): void }[] = [];
  const sync = () =>
    new Promise<void>((done, fail) => {
      syncs.push({ done, fail });
    });
  return { syncs, log: { sync, close: () => {} } };
}

/** What happens without the disk has happened. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('nobody hears of a work before the log is on the disk, and the next commit does not wait for that', async () => {
  const { syncs, log } = diskByHand();
  const group = new GroupCommit(database, { log });
  const heard: string[] = [];
  const first = group.transaction(mark('a')).then((name) => heard.push(name));
  await settle();
  const second = group.transaction(mark('b')).then((name) => heard.push(name));
  await settle();
  expect([marks(), heard, syncs.length]).toEqual([['a', 'b'], [], 1]);
  syncs[0]?.done();
  await settle();
  // The sync under way had begun before the second commit.
  expect([heard, syncs.length]).toEqual([['a'], 2]);
  syncs[1]?.done();
  await Promise.all([first, second]);
  expect(heard).toEqual(['a', 'b']);
});

test('a work that only looks asks nothing of the disk, but waits for what it may have seen', async () => {
  const { syncs, log } = diskByHand();
  const group = new GroupCommit(database, { log });
  expect(await group.transaction(async () => marks().length)).toBe(0);
  expect(syncs).toEqual([]);
  const writes = group.transaction(mark('a'));
  await settle();
  let seen: unknown = null;
  const looks = group.transaction(async () => marks()).then((names) => (seen = names));
  await settle();
  expect([seen, syncs.length]).toEqual([null, 1]);
  syncs[0]?.done();
  await Promise.all([writes, looks]);
  expect(seen).toEqual(['a']);
});

test('once the log cannot reach the disk, nothing is called done any more', async () => {
  const { syncs, log } = diskByHand();
  const group = new GroupCommit(database, { log });
  const lost = group.transaction(mark('a'));
  await settle();
  syncs[0]?.fail(new Error('EIO'));
  await expect(lost).rejects.toMatchObject({ code: 'log-unwritable' });
  await expect(group.transaction(mark('b'))).rejects.toMatchObject({ code: 'log-unwritable' });
  expect(marks()).not.toContain('b');
});

test('whoever writes to the database without the group still waits for the disk in each commit', async () => {
  const group = new GroupCommit(database);
  const during = await group.transaction(async () => synchronous());
  expect([during, synchronous()]).toEqual([NORMAL, FULL]);
  await expect(
    group.transaction(async () => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(synchronous()).toBe(FULL);
  await group.close();
});

const NORMAL = 1;
const FULL = 2;
const synchronous = () => database.sqlite.prepare('PRAGMA synchronous').get()?.synchronous;

test('what a group was told of is in the log of another process that opens the file', async () => {
  const group = new GroupCommit(database);
  await group.transaction(mark('a'));
  const other = openSqlite({ file: join(directory, 'test.sqlite') });
  expect(other.sqlite.prepare('SELECT name FROM mark').all()).toEqual([{ name: 'a' }]);
  await other.close();
  await group.close();
});
