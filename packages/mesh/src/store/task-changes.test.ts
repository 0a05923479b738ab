import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { Coordinator } from '../core/coordinator.ts';
import type { TaskRow } from '../core/rows.ts';
import type { MeshStore, MeshTables, TaskChange } from '../core/store.ts';
import { createTasks } from '../testing/coordinators.ts';
import { partsFor, register, runChecks } from '../testing/hosts.ts';
import { openMeshStore } from './sql-store.ts';

/** A store whose every transaction is held against what it saved: the tasks read again must be those saved last. */
function comparing(store: MeshStore, seen: Set<TaskChange>): MeshStore {
  return {
    blob: (key) => store.blob(key),
    async transaction(work) {
      const saved = new Map<string, TaskRow>();
      const value = await store.transaction((tables) => work(recording(tables, saved, seen)));
      const stored = await store.transaction((tables) => tables.tasks([...saved.keys()]));
      for (const row of stored) expect(row).toEqual(saved.get(row.id));
      return value;
    },
  };
}

function recording(tables: MeshTables, saved: Map<string, TaskRow>, seen: Set<TaskChange>): MeshTables {
  return {
    ...tables,
    async saveTasks(rows, change) {
      seen.add(change);
      for (const row of rows) saved.set(row.id, row);
      await tables.saveTasks(rows, change);
    },
  };
}

describeOnEveryEngine('a change of a task', (openFresh) => {
  test('writes all that a decision changed, whatever becomes of the task', async () => {
    const seen = new Set<TaskChange>();
    const store = await openMeshStore((await openFresh()).database);
    const coordinator = new Coordinator(partsFor({ seed: 'test' }), comparing(store, seen));
    const ada = await register(coordinator, 'ada');
    const ben = await register(coordinator, 'ben', { tamper: 'int8' });
    await createTasks(coordinator, 6, { assignment: 'rendezvous' });
    for (let nowUs = 1n; nowUs < 4n; nowUs++) {
      for (const host of [ben, ada]) await host.workOff(coordinator, nowUs, 2); // Ben's are found false and go to Ada.
      await runChecks(coordinator, nowUs);
    }
    const [left] = await createTasks(coordinator, 1);
    await ada.lease(coordinator, 5n, 1);
    await coordinator.apply(6n, { type: 'give-back', node: ada.id, tasks: [left ?? ''] });
    await ada.lease(coordinator, 7n, 1);
    await coordinator.apply(61_000_000n, { type: 'heartbeats', nodes: [ada.id] });
    await coordinator.apply(61_000_000n, { type: 'tick' }); // Its deadline is over.
    expect([...seen].sort()).toEqual(['any', 'commitment', 'lease', 'result', 'state']);
    await store.close();
  });
});
