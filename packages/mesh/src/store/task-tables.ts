import { type SelectQueryBuilder, sql } from 'kysely';
import type { TaskRow } from '../core/rows.ts';
import type { LeaseQuery, MeshTables } from '../core/store.ts';
import { among } from './among.ts';
import type { Batches } from './batches.ts';
import { TASK_PROGRESS, taskColumns, taskOf } from './rows-of.ts';
import type { MeshKysely, Ordered, Tables } from './tables.ts';

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
  | 'saveTasks'
  | 'queueDepth'
  | 'refuseTask'
  | 'refusedNodes'
  | 'countWastedLease'
>;

type TaskSelect = SelectQueryBuilder<Tables, 'mesh_task', Tables['mesh_task']>;

// Literals: with a bound value the planner cannot tell that an index over these states serves, and reads the whole table.
const QUEUED = sql<boolean>`mesh_task.state = 'queued'`;
const RUNNING = sql<boolean>`mesh_task.state IN ('leased', 'committed')`;

export function taskTables(kysely: MeshKysely, engine: Engine, batches: Batches): TaskTables {
  const select = (): TaskSelect => kysely.selectFrom('mesh_task').selectAll('mesh_task');
  /** PostgreSQL locks what it reads for change; SQLite's transaction holds the one write lock already. */
  const locked = (query: TaskSelect, skip: boolean): TaskSelect => {
    if (engine === 'sqlite') return query;
    return skip ? query.forUpdate().skipLocked() : query.forUpdate();
  };
  const read = async (query: TaskSelect): Promise<TaskRow[]> =>
    withExclusions(kysely, engine, await query.execute());
  return {
    insertTasks: (rows) => insertTasks(kysely, batches, rows),
    takeQueued: async (query) => onePerGroup(await read(locked(queuedFor(select(), query), true))),
    tasks: async (ids) =>
      ids.length === 0
        ? []
        : read(
            locked(
              select()
                .where(among(engine, 'id', ids))
                .orderBy('id'),
              false,
            ),
          ),
    tasksOfGroup: (group) => read(select().where('task_group', '=', group).orderBy('id')),
    tasksHeldBy: (node) =>
      read(locked(select().where('node', '=', node).where(RUNNING).orderBy('id'), false)),
    async countTasksHeldBy(node) {
      const query = kysely.selectFrom('mesh_task').select(({ fn }) => fn.countAll().as('count'));
      return Number((await query.where('node', '=', node).where(RUNNING).executeTakeFirstOrThrow()).count);
    },
    tasksPreferring: (node) =>
      read(locked(select().where(QUEUED).where('preferred', '=', node).orderBy('id'), false)),
    tasksPastDeadline: (nowUs, limit) =>
      read(
        locked(
          select().where(RUNNING).where('deadline_us', '<', nowUs).orderBy('deadline_us').limit(limit),
          true,
        ),
      ),
    tasksPastPreference: (nowUs, limit) =>
      read(
        locked(
          select()
            .where(QUEUED)
            .where('preferred', 'is not', null)
            .where('preferred_until_us', '<', nowUs)
            .orderBy('preferred_until_us')
            .limit(limit),
          true,
        ),
      ),
    async saveTasks(rows) {
      await batches.tasks.update(kysely, rows.map(taskColumns), TASK_PROGRESS);
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

function queuedFor(select: TaskSelect, asked: LeaseQuery): TaskSelect {
  const { node, limit, keys, workUnitsMax } = asked;
  let query = select
    .where(QUEUED)
    .where('mesh_task.kind_key', 'in', [...keys])
    .where((where) =>
      where.or([where('mesh_task.preferred', 'is', null), where('mesh_task.preferred', '=', node.id)]),
    );
  if (!node.trusted) query = query.where('mesh_task.audience', '=', 'strangers');
  if (workUnitsMax !== undefined) query = query.where('mesh_task.work_units', '<=', workUnitsMax);
  // By key for each task: a list of all refusals of a node would be read whole for each lease.
  return query
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM mesh_refusal r WHERE r.task = mesh_task.id AND r.node = ${node.id})`,
    )
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM mesh_exclusion e
        WHERE e.task_group = mesh_task.task_group AND e.owner_group = ${node.ownerGroup})`,
    )
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM mesh_task other
        WHERE other.task_group = mesh_task.task_group AND other.owner_group = ${node.ownerGroup})`,
    )
    .orderBy('mesh_task.priority', 'desc')
    .orderBy('mesh_task.sequence' as 'mesh_task.id') // The order of arrival is filled by the database and no column of `Tables`.
    .limit(limit);
}

/** Two replicas that one query found must not both go to the node that asked. */
function onePerGroup(rows: readonly TaskRow[]): TaskRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.group) && seen.add(row.group));
}

async function withExclusions(
  kysely: MeshKysely,
  engine: Engine,
  rows: readonly (Tables['mesh_task'] | Ordered<Tables['mesh_task']>)[],
): Promise<TaskRow[]> {
  if (rows.length === 0) return [];
  const groups = [...new Set(rows.map((row) => row.task_group))];
  const found = await kysely
    .selectFrom('mesh_exclusion')
    .selectAll()
    .where(among(engine, 'task_group', groups))
    .execute();
  return rows.map((row) =>
    taskOf(
      row,
      found
        .filter((e) => e.task_group === row.task_group)
        .map((e) => e.owner_group)
        .sort(),
    ),
  );
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
