import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, DatabaseSync } from 'node:sqlite';
import { openSqlite } from '@jamnet/sql';
import { expect, test } from 'vitest';
import { testNode, testTask } from '../testing/rows.ts';
import { openMeshStore } from './sql-store.ts';

test('no question of the coordinator reads a whole table, and none sorts the queue', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-plans-'));
  const asked = new Set<string>();
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (text: string) {
    if (/^(select|delete)/i.test(text.trimStart()) && text.includes('mesh_')) asked.add(text);
    return prepare.call(this, text);
  };
  const database = openSqlite({ file: join(directory, 'test.sqlite') });
  try {
    const store = await openMeshStore(database);
    asked.clear();
    const node = testNode('n1');
    await store.transaction(async (tables) => {
      await tables.takeQueued({ node, limit: 5, keys: ['test.scale@1'] });
      await tables.tasks(['a', 'b']);
      await tables.tasksOfGroup('a');
      await tables.tasksHeldBy(node.id);
      await tables.countTasksHeldBy(node.id);
      await tables.tasksPreferring(node.id);
      await tables.tasksPastDeadline(1n, 10);
      await tables.tasksPastPreference(1n, 10);
      await tables.tasksFinishedBefore(1n, 10);
      await tables.forgetTasks([testTask('a')], ['c']);
      await tables.refusedNodes('a');
      await tables.node(node.id);
      await tables.silentNodes({ nowUs: 2n, silenceUs: 1n, limit: 10 });
      await tables.forgetNewcomers(1n, 10);
      await tables.forgetEvidence(1n, 10);
      await tables.check('a');
      await tables.openChecks(10);
      await tables.heldWork(node.id);
      await tables.heldWork(node.id, 3);
      await tables.heldSummary(node.id);
      await tables.workById('a');
      await tables.evidenceOf(node.id, 10);
      await tables.evidenceBefore({ node: node.id, before: null, limit: 10 });
      await tables.evidenceBefore({ node: node.id, before: 5n, limit: 10 });
      await tables.workBefore({ node: node.id, before: null, limit: 10 });
      await tables.workBefore({ node: node.id, before: 5n, limit: 10 });
      await tables.blob('00');
    });
    expect(asked.size).toBeGreaterThan(14);
    for (const text of asked) {
      const rows = database.sqlite.prepare(`EXPLAIN QUERY PLAN ${text}`).all();
      const plan = rows.map((row) => String(row.detail)).join('; ');
      expect(plan, text).not.toMatch(
        /SCAN mesh_(?!check USING INDEX mesh_check_open|task USING INDEX mesh_task_queue|evidence)/, // Of evidence the oldest, as they lie.
      );
      // A sort is for what was found by key; what is limited comes in the order of an index.
      if (text.includes('limit')) expect(plan, text).not.toContain('TEMP B-TREE');
    }
  } finally {
    DatabaseSync.prototype.prepare = prepare;
    await database.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('what a tick and a message ask is planned once, whatever is bound to it', async () => {
  const database = openSqlite({ file: ':memory:' });
  try {
    const store = await openMeshStore(database);
    const node = testNode('n1');
    const ask = (n: number) =>
      store.transaction(async (tables) => {
        await tables.takeQueued({ node, limit: n, keys: [`test.scale@${n}`] });
        await tables.tasks([`t${n}`]);
        await tables.countTasksHeldBy(`n${n}`);
        await tables.tasksPastDeadline(BigInt(n), n);
        await tables.tasksPastPreference(BigInt(n), n);
        await tables.tasksFinishedBefore(BigInt(n), n);
        await tables.silentNodes({ nowUs: BigInt(n), silenceUs: 1n, limit: n });
        await tables.forgetNewcomers(BigInt(n), n);
        await tables.forgetEvidence(BigInt(n), n);
        await tables.claimChecks(BigInt(n), BigInt(n + 1), n);
        await tables.check(`c${n}`);
        await tables.workById(`w${n}`);
        await tables.heldSummary(`n${n}`);
        await tables.heldWork(`n${n}`, n);
        await tables.countNewcomers(n);
      });
    const planned: (string | null)[] = [];
    // Asked for each table and column that a statement names, while it is planned.
    database.sqlite.setAuthorizer((_action, table) => {
      planned.push(table);
      return constants.SQLITE_OK;
    });
    await ask(1);
    expect(planned).toContain('mesh_task');
    planned.length = 0;
    await ask(2);
    await ask(3);
    expect(planned.filter((table) => table?.startsWith('mesh_'))).toEqual([]);
  } finally {
    await database.close();
  }
});
