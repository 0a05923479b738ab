import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import type { TaskRow } from '../core/rows.ts';
import type { MeshTables, TaskChange } from '../core/store.ts';
import { testTask } from '../testing/rows.ts';
import { openMeshStore } from './sql-store.ts';
import { writeBehind } from './write-behind.ts';

const TASK = testTask('a');

test('forty tasks that are saved one by one are written at once, each as it was last', async () => {
  const written: string[][] = [];
  const direct = {
    saveTasks: async (rows: readonly TaskRow[], change: TaskChange) =>
      void written.push([change, ...rows.map((row) => row.id + row.state)]),
  };
  // As much of the tables as is called.
  await writeBehind(direct as unknown as MeshTables).run(async (tables) => {
    for (let n = 0; n < 40; n++)
      await tables.saveTasks([{ ...TASK, id: `t${n}.`, state: 'checking' }], 'state');
    await tables.saveTasks([{ ...TASK, id: 't0.', state: 'accepted' }], 'state');
    await tables.saveTasks([{ ...TASK, id: 't1.', state: 'failed' }], 'any');
    expect(written).toEqual([]);
  });
  const rest = Array.from({ length: 38 }, (_, n) => `t${n + 2}.checking`);
  expect(written).toEqual([
    ['state', 't0.accepted', ...rest],
    ['any', 't1.failed'],
  ]);
});

test('of a work that throws nothing is written, also not by the next one', async () => {
  const written: string[] = [];
  const direct = {
    saveTasks: async (rows: readonly TaskRow[]) => void written.push(...rows.map((row) => row.id)),
  };
  const behind = writeBehind(direct as unknown as MeshTables);
  const fails = behind.run(async (tables) => {
    await tables.saveTasks([TASK], 'any');
    throw new Error('no');
  });
  await expect(fails).rejects.toThrow('no');
  await behind.run((tables) => tables.saveTasks([{ ...TASK, id: 'b' }], 'any'));
  expect(written).toEqual(['b']);
});

test('whoever looks finds what was saved before', async () => {
  const calls: string[] = [];
  const direct = {
    saveTasks: async () => void calls.push('saveTasks'),
    insertWork: async () => void calls.push('insertWork'),
    tasks: async () => void calls.push('tasks'),
    queueDepth: async () => void calls.push('queueDepth'),
  };
  await writeBehind(direct as unknown as MeshTables).run(async (tables) => {
    await tables.saveTasks([TASK], 'any');
    await tables.insertWork([{ id: 'w' } as Parameters<MeshTables['insertWork']>[0][number]]);
    await tables.tasks(['a']);
    expect(calls).toEqual(['saveTasks', 'tasks']);
    await tables.queueDepth();
    expect(calls).toEqual(['saveTasks', 'tasks', 'insertWork', 'queueDepth']);
  });
});

describeOnEveryEngine('a transaction of the store', (openFresh) => {
  test('sees its own writes at once, keeps them when it ends, and loses them all when it throws', async () => {
    const store = await openMeshStore((await openFresh()).database);
    const stateOf = async (tables: MeshTables) => (await tables.tasks(['a']))[0]?.state;
    await store.transaction((tables) => tables.insertTasks([TASK]));
    const seen = await store.transaction(async (tables) => {
      await tables.saveTasks([{ ...TASK, state: 'leased' }], 'state');
      return stateOf(tables);
    });
    expect([seen, await store.transaction(stateOf)]).toEqual(['leased', 'leased']);
    const fails = store.transaction(async (tables) => {
      await tables.saveTasks([{ ...TASK, state: 'failed' }], 'state');
      throw new Error('no');
    });
    await expect(fails).rejects.toThrow('no');
    expect(await store.transaction(stateOf)).toBe('leased');
    await store.close();
  });
});
