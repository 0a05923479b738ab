import { type Database, ReadyQuery, tablesOf } from '@jamnet/sql';
import { type SelectQueryBuilder, sql } from 'kysely';
import { among, type BoundList } from './among.ts';
import type { Ordered, Tables } from './tables.ts';

type TaskColumns = Tables['mesh_task'];

/** What is asked for each message of a node, each check and each tick: made ready once for each database. */
export interface Questions {
  readonly tasksById: ReadyQuery<{ ids: BoundList }, TaskColumns>;
  readonly queued: ReadyQuery<QueuedFor, TaskColumns>;
  readonly finishedBefore: ReadyQuery<{ instantUs: bigint; limit: number }, TaskColumns>;
  readonly countHeld: ReadyQuery<{ node: string }, { count: bigint }>;
  readonly pastDeadline: ReadyQuery<{ nowUs: bigint; limit: number }, TaskColumns>;
  readonly pastPreference: ReadyQuery<{ nowUs: bigint; limit: number }, TaskColumns>;
  readonly exclusions: ReadyQuery<{ groups: BoundList }, Tables['mesh_exclusion']>;
  readonly node: ReadyQuery<{ id: string }, Tables['mesh_node']>;
  readonly silentSince: ReadyQuery<{ instantUs: bigint; limit: number }, Tables['mesh_node']>;
  readonly forgetNewcomers: ReadyQuery<{ instantUs: bigint; limit: number }, { id: string }>;
  readonly forgetEvidence: ReadyQuery<{ instantUs: bigint; limit: number }, { node: string }>;
  readonly work: ReadyQuery<{ id: string }, Tables['mesh_work']>;
  readonly heldSummary: ReadyQuery<{ node: string }, { count: bigint; dearest: bigint | null }>;
  readonly oldestHeld: ReadyQuery<{ node: string; limit: number }, Tables['mesh_work']>;
  readonly countNewcomers: ReadyQuery<{ limit: number }, { count: bigint }>;
  readonly check: ReadyQuery<{ id: string }, Tables['mesh_check']>;
  readonly claimChecks: ReadyQuery<
    { nowUs: bigint; untilUs: bigint; limit: number },
    Ordered<Tables['mesh_check']>
  >;
}

/** What a node may be given, as `takeQueued` binds it. */
export interface QueuedFor {
  readonly node: string;
  readonly ownerGroup: string;
  readonly network: string | null;
  /** 1 for the studio's own hosts, who may see every input. */
  readonly trusted: number;
  readonly keys: BoundList;
  readonly workUnitsMax: bigint;
  readonly limit: number;
}

// Literals: with a bound value the planner cannot tell that an index over these states serves, and reads the whole table.
export const QUEUED = sql<boolean>`mesh_task.state = 'queued'`;
export const RUNNING = sql<boolean>`mesh_task.state IN ('leased', 'committed')`;
const FINISHED = sql<boolean>`mesh_task.state IN ('accepted', 'failed')`;
/** Work whose pay is held. */
export const HELD = sql<boolean>`state = 'held'`;
/** Open checks. */
export const OPEN = sql<boolean>`done = 0`;
/** Nodes that never sent a result. */
const NEWCOMER = sql<boolean>`revealed = 0`;
/** Filled by the database in order of arrival; no column of `Tables`, so that nobody writes it. */
export const ARRIVAL = 'sequence' as 'id';
/** The same of evidence, which has no id. */
const SEQUENCE = 'sequence' as 'at_us';

/**
 * SQLite looks into a bound value that stands alone behind LIMIT, and then plans a prepared query anew whenever one is bound: 20 to
 * 80 µs each time.
 */
function upTo(engine: Database['engine'], limit: number) {
  return engine === 'sqlite' ? sql<number>`${limit} + 0` : limit;
}

export function makeQuestions(database: Database): Questions {
  const kysely = tablesOf<Tables>(database);
  const { engine } = database;
  /** PostgreSQL locks what it reads for change; SQLite's transaction holds the one write lock already. */
  const locked = <T extends keyof Tables, Row>(query: SelectQueryBuilder<Tables, T, Row>) =>
    engine === 'postgres' ? query.forUpdate() : query;
  /** What another coordinator is at is left to it. */
  const skipping = <T extends keyof Tables, Row>(query: SelectQueryBuilder<Tables, T, Row>) =>
    engine === 'postgres' ? query.forUpdate().skipLocked() : query;
  return {
    tasksById: new ReadyQuery(database, ({ ids }) =>
      locked(
        kysely
          .selectFrom('mesh_task')
          .selectAll()
          .where(among(engine, 'id', ids))
          .orderBy('id'),
      ),
    ),
    queued: new ReadyQuery(database, (given) => skipping(queuedFor(database, given))),
    pastDeadline: new ReadyQuery(database, ({ nowUs, limit }) =>
      skipping(
        kysely
          .selectFrom('mesh_task')
          .selectAll()
          .where(RUNNING)
          .where('deadline_us', '<', nowUs)
          .orderBy('deadline_us')
          .limit(upTo(engine, limit)),
      ),
    ),
    pastPreference: new ReadyQuery(database, ({ nowUs, limit }) =>
      skipping(
        kysely
          .selectFrom('mesh_task')
          .selectAll()
          .where(QUEUED)
          .where('preferred', 'is not', null)
          .where('preferred_until_us', '<', nowUs)
          .orderBy('preferred_until_us')
          .limit(upTo(engine, limit)),
      ),
    ),
    finishedBefore: new ReadyQuery(database, ({ instantUs, limit }) =>
      skipping(
        kysely
          .selectFrom('mesh_task')
          .selectAll()
          .where(FINISHED)
          .where('deadline_us', '<', instantUs)
          .orderBy('deadline_us')
          .limit(upTo(engine, limit)),
      ),
    ),
    countHeld: new ReadyQuery(database, ({ node }) =>
      kysely
        .selectFrom('mesh_task')
        .select(({ fn }) => fn.countAll<bigint>().as('count'))
        .where('node', '=', node)
        .where(RUNNING),
    ),
    exclusions: new ReadyQuery(database, ({ groups }) =>
      kysely
        .selectFrom('mesh_exclusion')
        .selectAll()
        .where(among(engine, 'task_group', groups)),
    ),
    node: new ReadyQuery(database, ({ id }) =>
      locked(kysely.selectFrom('mesh_node').selectAll().where('id', '=', id)),
    ),
    silentSince: new ReadyQuery(database, ({ instantUs, limit }) =>
      skipping(
        kysely
          .selectFrom('mesh_node')
          .selectAll()
          .where('state', '=', 'active')
          .where('seen_at_us', '<', instantUs)
          .limit(upTo(engine, limit)),
      ),
    ),
    forgetNewcomers: new ReadyQuery(database, ({ instantUs, limit }) => {
      const gone = kysely
        .selectFrom('mesh_node')
        .select('id')
        .where(NEWCOMER)
        .where('state', '=', 'gone')
        .where('seen_at_us', '<', instantUs)
        .limit(upTo(engine, limit));
      return kysely.deleteFrom('mesh_node').where('id', 'in', skipping(gone)).returning('id');
    }),
    forgetEvidence: new ReadyQuery(database, ({ instantUs, limit }) => {
      // Rows lie in the order of time: the oldest are looked at, and no index over the time is needed.
      const oldest = kysely
        .selectFrom('mesh_evidence')
        .select(SEQUENCE)
        .orderBy(SEQUENCE)
        .limit(upTo(engine, limit));
      return kysely
        .deleteFrom('mesh_evidence')
        .where(SEQUENCE, 'in', oldest)
        .where('at_us', '<', instantUs)
        .returning('node');
    }),
    work: new ReadyQuery(database, ({ id }) =>
      kysely.selectFrom('mesh_work').selectAll().where('id', '=', id),
    ),
    heldSummary: new ReadyQuery(database, ({ node }) =>
      kysely
        .selectFrom('mesh_work')
        .select(({ fn }) => [
          fn.countAll<bigint>().as('count'),
          fn.max<bigint | null>('work_units').as('dearest'), // Of nothing: null.
        ])
        .where('node', '=', node)
        .where(HELD),
    ),
    oldestHeld: new ReadyQuery(database, ({ node, limit }) =>
      kysely
        .selectFrom('mesh_work')
        .selectAll()
        .where('node', '=', node)
        .where(HELD)
        .orderBy(ARRIVAL)
        .limit(upTo(engine, limit)),
    ),
    countNewcomers: new ReadyQuery(database, ({ limit }) => {
      const newcomers = kysely
        .selectFrom('mesh_node')
        .select('state')
        .where(NEWCOMER)
        .limit(upTo(engine, limit));
      return kysely
        .selectFrom(newcomers.as('newcomer'))
        .select(({ fn }) => fn.countAll<bigint>().as('count'));
    }),
    check: new ReadyQuery(database, ({ id }) =>
      locked(kysely.selectFrom('mesh_check').selectAll().where('id', '=', id)),
    ),
    claimChecks: new ReadyQuery(database, ({ nowUs, untilUs, limit }) => {
      const free = kysely
        .selectFrom('mesh_check')
        .select('id')
        .where(OPEN)
        .where('claimed_until_us', '<=', nowUs)
        .orderBy(ARRIVAL)
        .limit(upTo(engine, limit));
      // `returningAll` includes the order of arrival, which is no column of `Tables`.
      return kysely
        .updateTable('mesh_check')
        .set({ claimed_until_us: untilUs })
        .where('id', 'in', skipping(free))
        .returningAll()
        .$castTo<Ordered<Tables['mesh_check']>>();
    }),
  };
}

function queuedFor(
  database: Database,
  given: QueuedFor,
): SelectQueryBuilder<Tables, 'mesh_task', TaskColumns> {
  const { node, ownerGroup, network, trusted, keys, workUnitsMax, limit } = given;
  const { engine } = database;
  return (
    tablesOf<Tables>(database)
      .selectFrom('mesh_task')
      .selectAll('mesh_task')
      .where(QUEUED)
      .where(among(engine, 'mesh_task.kind_key', keys))
      .where((where) =>
        where.or([where('mesh_task.preferred', 'is', null), where('mesh_task.preferred', '=', node)]),
      )
      .where(sql<boolean>`(mesh_task.audience = 'strangers' OR ${trusted} = 1)`)
      .where('mesh_task.work_units', '<=', workUnitsMax)
      // By key for each task: a list of all refusals of a node would be read whole for each lease.
      .where(
        sql<boolean>`NOT EXISTS (SELECT 1 FROM mesh_refusal r WHERE r.task = mesh_task.id AND r.node = ${node})`,
      )
      .where(
        sql<boolean>`NOT EXISTS (SELECT 1 FROM mesh_exclusion e
        WHERE e.task_group = mesh_task.task_group AND e.owner_group = ${ownerGroup})`,
      )
      .where(
        sql<boolean>`(mesh_task.replicas = 1 OR NOT EXISTS (SELECT 1 FROM mesh_task other
        LEFT JOIN mesh_node holder ON holder.id = other.node
        WHERE other.replicas > 1 AND other.task_group = mesh_task.task_group
        AND (other.owner_group = ${ownerGroup} OR holder.network = ${network})))`,
      )
      .orderBy('mesh_task.priority', 'desc')
      .orderBy('mesh_task.sequence' as 'mesh_task.id') // The order of arrival is filled by the database and no column of `Tables`.
      .limit(upTo(engine, limit))
  );
}
