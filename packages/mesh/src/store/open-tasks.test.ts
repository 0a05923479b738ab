import { openSqlite } from '@jamnet/sql';
import { afterEach, expect, test } from 'vitest';
import type { TaskRow } from '../core/rows.ts';
import type { MeshStore } from '../core/store.ts';
import { testTask } from '../testing/rows.ts';
import { CommitmentLog } from './commitment-log.ts';
import { OpenTasks } from './open-tasks.ts';
import { openMeshStore } from './sql-store.ts';

const opened: ReturnType<typeof openSqlite>[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function openStore() {
  const database = openSqlite({ file: ':memory:' });
  opened.push(database);
  const store = await openMeshStore(database);
  const stored = () =>
    database.sqlite
      .prepare('SELECT id, state, result_hash FROM mesh_task ORDER BY id')
      .all()
      .map(({ id, state, result_hash }) => `${id} ${state} ${result_hash}`);
  const logged = () =>
    database.sqlite.prepare('SELECT count(*) AS entries FROM mesh_commitment').get()?.entries as number;
  return { database, store, stored, logged };
}

const leased = (id: string): TaskRow => ({ ...testTask(id), state: 'leased', node: 'n', lease: 1 });
const committed = (id: string): TaskRow => ({
  ...leased(id),
  state: 'committed',
  resultHash: `hash of ${id}`,
  chunkHashes: ['c0', 'c1'],
});
const accepted = (id: string): TaskRow => ({ ...committed(id), state: 'accepted' });

/** Two tasks of node `n`, committed to with one message. */
async function commitTwo(store: MeshStore): Promise<void> {
  await store.transaction((tables) => tables.insertTasks([testTask('a'), testTask('b')]));
  await store.transaction((tables) => tables.saveTasks([leased('a'), leased('b')], 'lease'));
  await store.transaction((tables) => tables.saveTasks([committed('a'), committed('b')], 'commitment'));
}

test('a commitment is seen at once by every question, and written to the row with the next change', async () => {
  const { store, stored, logged } = await openStore();
  await commitTwo(store);
  expect(stored()).toEqual(['a leased null', 'b leased null']);
  const seen = await store.transaction(async (tables) => [
    await tables.tasks(['b', 'a']),
    await tables.tasksHeldBy('n'),
    await tables.tasksPastDeadline(1n, 9),
    [...(await tables.tasksOfGroup('a')), ...(await tables.tasksOfGroup('b'))],
  ]);
  for (const rows of seen) expect(rows).toEqual([committed('a'), committed('b')]);
  await store.transaction((tables) => tables.saveTasks([accepted('a')], 'state'));
  expect(stored()).toEqual(['a accepted hash of a', 'b leased null']);
  expect(logged()).toBe(1);
  await store.transaction((tables) => tables.saveTasks([accepted('b')], 'state'));
  expect([stored(), logged()]).toEqual([['a accepted hash of a', 'b accepted hash of b'], 0]);
  const rows = await store.transaction((tables) => tables.tasks(['a', 'b']));
  expect(rows).toEqual([accepted('a'), accepted('b')]);
});

test('who opens the database after a crash finds every commitment that stood, and no other', async () => {
  const { database, store, stored, logged } = await openStore();
  await commitTwo(store);
  const queued: TaskRow = { ...testTask('b'), lease: 1 };
  await store.transaction((tables) => tables.saveTasks([queued], 'any')); // It was late,
  const again: TaskRow = { ...leased('b'), node: 'm', lease: 2 };
  await store.transaction((tables) => tables.saveTasks([again], 'lease')); // and another has it.
  const after = await openMeshStore(database);
  expect(await after.transaction((tables) => tables.tasks(['a', 'b']))).toEqual([committed('a'), again]);
  expect([stored(), logged()]).toEqual([['a committed hash of a', 'b leased null'], 0]);
});

test('a work that throws is forgotten with what it had changed, and the commitments before it stand', async () => {
  const { store, logged } = await openStore();
  await commitTwo(store);
  const fails = store.transaction(async (tables) => {
    await tables.saveTasks([accepted('a'), { ...testTask('b'), state: 'failed' }], 'any');
    await tables.queueDepth(); // Whatever was held back is written.
    throw new Error('no');
  });
  await expect(fails).rejects.toThrow('no');
  const rows = await store.transaction((tables) => tables.tasks(['a', 'b']));
  expect(rows).toEqual([committed('a'), committed('b')]);
  await store.transaction((tables) => tables.saveTasks([accepted('a')], 'state'));
  const next = await store.transaction((tables) => tables.tasks(['a', 'b']));
  expect(next).toEqual([accepted('a'), committed('b')]);
  expect(logged()).toBe(0); // What an undone work left goes to the rows.
});

test('tasks beyond those remembered are read from the table and written to it', async () => {
  const { database } = await openStore();
  const written: string[] = [];
  const table = new Map<string, TaskRow>();
  const direct = {
    tasks: async (ids: readonly string[]) => ids.flatMap((id) => table.get(id) ?? []),
    saveTasks: async (rows: readonly TaskRow[], change: string) => {
      for (const row of rows) {
        written.push(`${change} ${row.id}`);
        table.set(row.id, row);
      }
    },
  } as unknown as Parameters<OpenTasks['over']>[0]; // As much of the tables as is called.
  const open = new OpenTasks(new CommitmentLog(database), 2);
  await open.catchUp(direct);
  const tables = open.over(direct);
  await tables.saveTasks([leased('a'), leased('b'), leased('c')], 'lease');
  expect(open.size).toBe(2);
  await tables.saveTasks([committed('a'), committed('b'), committed('c')], 'commitment');
  expect(written).toEqual(['lease a', 'lease b', 'lease c', 'commitment c']);
  expect(await tables.tasks(['a', 'b', 'c'])).toEqual([committed('a'), committed('b'), committed('c')]);
  await tables.saveTasks([accepted('a'), accepted('c')], 'state');
  expect(written.slice(4)).toEqual(['state c', 'commitment a']);
  expect(open.size).toBe(1);
});
