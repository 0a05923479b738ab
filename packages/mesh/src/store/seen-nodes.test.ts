import { openSqlite } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { afterEach, expect, test } from 'vitest';
import type { MeshStore } from '../core/store.ts';
import { testNode } from '../testing/rows.ts';
import { openMeshStore } from './sql-store.ts';

const SILENCE_US = 38n;

const silent = async (store: MeshStore, nowUs: bigint, limit = 9): Promise<string[]> => {
  const query = { nowUs, silenceUs: SILENCE_US, limit };
  return (await store.transaction((tables) => tables.silentNodes(query))).map(({ id }) => id).sort();
};
const touch = (store: MeshStore, nowUs: bigint, ...ids: string[]) =>
  store.transaction((tables) => tables.touchNodes(ids, nowUs));
const add = (store: MeshStore, seenAtUs: bigint, ...ids: string[]) =>
  store.transaction(async (tables) => {
    for (const id of ids) await tables.saveNode({ ...testNode(id), seenAtUs });
  });
const seenAt = (store: MeshStore, id: string) =>
  store.transaction(async (tables) => (await tables.node(id))?.seenAtUs);

describeOnEveryEngine('when nodes were last heard of', (openFresh) => {
  test('who said nothing for longer than the silence is found, and nobody else', async () => {
    const store = await openMeshStore((await openFresh()).database);
    expect(await silent(store, 0n)).toEqual([]);
    await add(store, 0n, 'a', 'b', 'c');
    await touch(store, 20n, 'b', 'unknown');
    expect(await silent(store, 38n)).toEqual([]);
    expect(await silent(store, 39n)).toEqual(['a', 'c']);
    expect(await silent(store, 39n, 1)).toHaveLength(1);
    await store.transaction(async (tables) => tables.saveNode({ ...testNode('a'), state: 'gone' }));
    await touch(store, 60n, 'a');
    expect(await silent(store, 60n)).toEqual(['b', 'c']);
    expect(await seenAt(store, 'b')).toBe(20n);
    expect(await seenAt(store, 'a')).toBe(0n); // Gone: only another registration brings it back.
  });
});

const opened: ReturnType<typeof openSqlite>[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function openEmbedded() {
  const database = openSqlite({ file: ':memory:' });
  opened.push(database);
  const written = () =>
    database.sqlite
      .prepare('SELECT id, seen_at_us FROM mesh_node ORDER BY id')
      .all()
      .map(({ id, seen_at_us }) => `${id} ${seen_at_us}`);
  return { database, store: await openMeshStore(database), written };
}

test('an embedded store writes no row for a sign of life until the node is saved or the process ends', async () => {
  const { store, written } = await openEmbedded();
  await add(store, 0n, 'a', 'b');
  await touch(store, 10n, 'a', 'b');
  expect(written()).toEqual(['a 0', 'b 0']);
  const looked = await store.transaction(async (tables) => [
    await tables.peekNode('a'),
    ...(await tables.nodes()),
    ...(await tables.nodesAfter({ after: 'a', limit: 9 })),
  ]);
  expect(looked.map((row) => row?.seenAtUs)).toEqual([10n, 10n, 10n, 10n]);
  await store.transaction(async (tables) => {
    const row = await tables.node('a');
    if (row) await tables.saveNode({ ...row, revealed: 1 });
  });
  expect(written()).toEqual(['a 10', 'b 0']);
  await touch(store, 20n, 'b');
  await store.close();
  expect(written()).toEqual(['a 10', 'b 20']);
});

test('after a crash whoever was active counts as heard of when the process began, but not as seen', async () => {
  const { database, store } = await openEmbedded();
  await add(store, 0n, 'a', 'b');
  await touch(store, 1_000n, 'a');
  const after = await openMeshStore(database); // Nothing was closed.
  expect(await silent(after, 5_000n)).toEqual([]);
  await touch(after, 5_020n, 'b');
  expect(await silent(after, 5_038n)).toEqual([]);
  expect(await silent(after, 5_039n)).toEqual(['a']);
  expect(await seenAt(after, 'a')).toBe(0n);
});

test('a work that is undone takes back what it said of a node, and not when others were heard of', async () => {
  const { store } = await openEmbedded();
  await add(store, 0n, 'a', 'b');
  expect(await silent(store, 1n)).toEqual([]);
  const fails = store.transaction(async (tables) => {
    await tables.saveNode({ ...testNode('a'), state: 'gone' });
    await tables.saveNode(testNode('c'));
    await tables.nodes(); // What was held back is written.
    throw new Error('no');
  });
  await expect(fails).rejects.toThrow('no');
  expect(await silent(store, 39n)).toEqual(['b']);
  expect(await silent(store, 78n)).toEqual(['a', 'b']);
});

test('who counts as heard of since the start still does when its row, which is older, is saved for another reason', async () => {
  const { database, store } = await openEmbedded();
  await add(store, 0n, 'a');
  await store.close();
  const again = await openMeshStore(database);
  expect(await silent(again, 1_000n)).toEqual([]);
  await again.transaction(async (tables) => {
    const row = await tables.node('a');
    if (row) await tables.saveNode({ ...row, revealed: 3 });
  });
  expect(await silent(again, 1_030n)).toEqual([]);
  expect(await silent(again, 1_039n)).toEqual(['a']);
});
