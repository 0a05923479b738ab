import { type SelectQueryBuilder, sql } from 'kysely';
import { replicaIds } from '../core/create-tasks.ts';
import type { TaskRow } from '../core/rows.ts';
import type { MeshTables } from '../core/store.ts';
import { among, boundList } from './among.ts';
import type { Batches } from './batches.ts';
import { QUEUED, type Questions, RUNNING } from './questions.ts';
import { taskColumns, taskOf } from './rows-of.ts';
import type { MeshKysely, Tables } from './tables.ts';
import { writeChange } from './task-changes.ts';

type Engine = 'sqlite' | 'postgres';
type TaskTables = Pick<
  MeshTables,
  | 'insertTasks'
  | 'takeQueued'
  | 'tasks'
  | 'tasksOfGroup'
  | 'tasksHeldBy'
  | 'countTasksHeldBy'
  | 'tasksPreferring'
  | 'tasksPastDeadline'
  | 'tasksPastPreference'
  | 'tasksFinishedBefore'
  | 'forgetTasks'
  | 'saveTasks'
  | 'queueDepth'
  | 'refuseTask'
  | 'refusedNodes'
  | 'countWastedLease'
>;

/** No task has more: integers of the databases end there. */
const WORK_UNITS_MAX = 2n ** 63n - 1n;

type TaskSelect = SelectQueryBuilder<Tables, 'mesh_task', Tables['mesh_task']>;

export function taskTables(
  kysely: MeshKysely,
  engine: Engine,
  ready: { readonly batches: Batches; readonly questions: Questions },
): TaskTables {
  const { batches, questions } = ready;
  const select = (): TaskSelect => kysely.selectFrom('mesh_task').selectAll('mesh_task');
  /** PostgreSQL locks what it reads for change; SQLite's transaction holds the one write lock already. */
  const locked = (query: TaskSelect): TaskSelect => (engine === 'postgres' ? query.forUpdate() : query);
  const parsed = async (rows: readonly Tables['mesh_task'][]): Promise<TaskRow[]> => {
    if (rows.length === 0) return [];
    const groups = boundList(engine, [...new Set(rows.map((row) => row.task_group))]);
    return withExclusions(rows, await questions.exclusions.all(kysely, { groups }));
  };
  const read = async (query: TaskSelect): Promise<TaskRow[]> => parsed(await query.execute());
  return {
    insertTasks: (rows) => insertTasks(kysely, batches, rows),
    async takeQueued({ node, limit, keys, workUnitsMax = WORK_UNITS_MAX }) {
      const given = {
        node: node.id,
        ownerGroup: node.ownerGroup,
        network: node.network,
        trusted: node.trusted ? 1 : 0,
        keys: boundList(engine, keys),
        workUnitsMax,
        limit,
      };
      return onePerGroup(await parsed(await questions.queued.all(kysely, given)));
    },
    tasks: async (ids) =>
      ids.length === 0 ? [] : parsed(await questions.tasksById.all(kysely, { ids: boundList(engine, ids) })),
    tasksOfGroup: (group) =>
      read(
        select()
          .where(among(engine, 'id', boundList(engine, replicaIds(group))))
          .orderBy('id'),
      ),
    tasksHeldBy: (node) => read(locked(select().where('node', '=', node).where(RUNNING).orderBy('id'))),
    async countTasksHeldBy(node) {
      const [held] = await questions.countHeld.all(kysely, { node });
      return Number(held?.count ?? 0n);
    },
    tasksPreferring: (node) =>
      read(locked(select().where(QUEUED).where('preferred', '=', node).orderBy('id'))),
    tasksPastDeadline: async (nowUs, limit) =>
      parsed(await questions.pastDeadline.all(kysely, { nowUs, limit })),
    tasksPastPreference: async (nowUs, limit) =>
      parsed(await questions.pastPreference.all(kysely, { nowUs, limit })),
    tasksFinishedBefore: async (instantUs, limit) =>
      parsed(await questions.finishedBefore.all(kysely, { instantUs, limit })),
    forgetTasks: (tasks, checks) => forgetTasks(kysely, engine, tasks, checks),
    async saveTasks(rows, change) {
      await writeChange(kysely, batches, rows, change);
    },
    queueDepth: () => queueDepth(kysely),
    async refuseTask(task, node) {
      await kysely
        .insertInto('mesh_refusal')
        .values({ task, node })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async refusedNodes(task) {
      const rows = await kysely.selectFrom('mesh_refusal').select('node').where('task', '=', task).execute();
      return rows.map((row) => row.node);
    },
    async countWastedLease(task, node) {
      const { leases } = await kysely
        .insertInto('mesh_wasted_lease')
        .values({ task, node, leases: 1n })
        .onConflict((conflict) =>
          conflict.columns(['task', 'node']).doUpdateSet({ leases: sql`mesh_wasted_lease.leases + 1` }),
        )
        .returning('leases')
        .executeTakeFirstOrThrow();
      return Number(leases);
    },
  };
}

async function insertTasks(kysely: MeshKysely, batches: Batches, rows: readonly TaskRow[]): Promise<number> {
  const created = await batches.tasks.insert(kysely, rows.map(taskColumns), 'keep');
  for (const row of rows) {
    // A task that was made for one owner before, and is made again for several.
    if (row.replicas > 1 && row.id === row.group)
      await kysely
        .updateTable('mesh_task')
        .set({ replicas: BigInt(row.replicas) })
        .where('id', '=', row.id)
        .where('replicas', '=', 1n)
        .execute();
  }
  const exclusions = rows.flatMap((row) =>
    row.excludedOwnerGroups.map((ownerGroup) => ({ task_group: row.group, owner_group: ownerGroup })),
  );
  for (const exclusion of exclusions) {
    await kysely
      .insertInto('mesh_exclusion')
      .values(exclusion)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return created;
}

async function forgetTasks(
  kysely: MeshKysely,
  engine: Engine,
  tasks: readonly TaskRow[],
  checks: readonly string[],
): Promise<void> {
  const isOneOf = (column: string, items: readonly string[]) =>
    among(engine, column, boundList(engine, items));
  const ids = tasks.map(({ id }) => id);
  await kysely.deleteFrom('mesh_task').where(isOneOf('id', ids)).execute();
  await kysely.deleteFrom('mesh_check').where(isOneOf('id', checks)).execute();
  await kysely.deleteFrom('mesh_refusal').where(isOneOf('task', ids)).execute();
  await kysely.deleteFrom('mesh_wasted_lease').where(isOneOf('task', ids)).execute();
  // Owners are excluded from a group: until the last of its replicas is forgotten.
  const groups = [...new Set(tasks.map(({ group }) => group))];
  const left = await kysely
    .selectFrom('mesh_task')
    .select('task_group')
    .where(isOneOf('id', groups.flatMap(replicaIds)))
    .execute();
  const over = groups.filter((group) => !left.some((row) => row.task_group === group));
  await kysely.deleteFrom('mesh_exclusion').where(isOneOf('task_group', over)).execute();
}

/** Two replicas that one query found must not both go to the node that asked. */
function onePerGroup(rows: readonly TaskRow[]): TaskRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.group) && seen.add(row.group));
}

function withExclusions(
  rows: readonly Tables['mesh_task'][],
  found: readonly Tables['mesh_exclusion'][],
): TaskRow[] {
  return rows.map((row) => {
    const excluded = found.filter((exclusion) => exclusion.task_group === row.task_group);
    return taskOf(row, excluded.map((exclusion) => exclusion.owner_group).sort());
  });
}

async function queueDepth(kysely: MeshKysely) {
  const counts = await kysely
    .selectFrom('mesh_task')
    .select(({ fn }) => ['state', fn.countAll<bigint>().as('count')])
    .groupBy('state')
    .execute();
  const of = (...states: string[]): number =>
    counts.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + Number(row.count), 0);
  return {
    queued: of('queued'),
    running: of('leased', 'committed'),
    checking: of('checking'),
    accepted: of('accepted'),
    failed: of('failed'),
  };
}
