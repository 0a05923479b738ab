import { type Database, migrate, tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { TaskRow } from '../core/rows.ts';
import { testNode, testTask } from '../testing/rows.ts';
import { MIGRATIONS } from './migrations.ts';
import { taskColumns } from './rows-of.ts';
import { openMeshStore } from './sql-store.ts';
import type { Tables } from './tables.ts';

const replicaOf = (group: string, replica: number): TaskRow => ({
  ...testTask(`${group}-${replica}`),
  group,
});
const LEASED: TaskRow = { ...testTask('twice'), state: 'leased', node: 'n', ownerGroup: 'ada', lease: 1 };

/** The tables as they were before owners were looked up for replicas alone, with tasks in them. */
async function fillBefore(database: Database, rows: readonly TaskRow[]): Promise<void> {
  const before = Object.entries(MIGRATIONS).filter(([name]) => name < '009');
  await migrate(database, 'mesh', Object.fromEntries(before));
  for (const row of rows) {
    const { replicas: _, ...columns } = taskColumns(row);
    await sql`INSERT INTO mesh_task (${sql.join(Object.keys(columns).map((name) => sql.ref(name)))})
      VALUES (${sql.join(Object.values(columns))})`.execute(database.kysely);
  }
}

describeOnEveryEngine('a store of before owners were kept for replicas alone', (openFresh) => {
  test('keeps its tasks in their order, and no owner is given two replicas of one', async () => {
    const { database } = await openFresh();
    await fillBefore(database, [testTask('once'), LEASED, replicaOf('twice', 1), testTask('last')]);
    const store = await openMeshStore(database);
    const rows = await store.transaction((tables) => tables.tasks(['once', 'twice', 'twice-1']));
    expect(rows.map(({ id, replicas }) => `${id} of ${replicas}`)).toEqual([
      'once of 1',
      'twice of 2',
      'twice-1 of 2',
    ]);
    const lease = (ownerGroup: string) =>
      store.transaction(async (tables) => {
        const node = { ...testNode('m'), trusted: true, ownerGroup };
        const found = await tables.takeQueued({ node, limit: 9, keys: ['bench.wave@1'] });
        return found.map(({ id }) => id);
      });
    expect(await lease('ada')).toEqual(['once', 'last']);
    expect(await lease('ben')).toEqual(['once', 'twice-1', 'last']);
    const steal = tablesOf<Tables>(database)
      .updateTable('mesh_task')
      .set({ owner_group: 'ada' })
      .where('id', '=', 'twice-1');
    await expect(steal.execute()).rejects.toThrow(/unique/i);
    await store.close();
  });

  test('lets a task that was made for one owner be made again for several', async () => {
    const { database } = await openFresh();
    await fillBefore(database, [LEASED]);
    const store = await openMeshStore(database);
    const both = [testTask('twice'), replicaOf('twice', 1)].map((row) => ({ ...row, replicas: 2 }));
    expect(await store.transaction((tables) => tables.insertTasks(both))).toBe(1);
    const found = await store.transaction((tables) =>
      tables.takeQueued({
        node: { ...testNode('m'), trusted: true, ownerGroup: 'ada' },
        limit: 9,
        keys: ['bench.wave@1'],
      }),
    );
    expect(found).toEqual([]);
    await store.close();
  });
});
