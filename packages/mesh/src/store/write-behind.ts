import type { CheckRow, NodeRow, TaskRow, WorkRow } from '../core/rows.ts';
import type { MeshTables, TaskChange } from '../core/store.ts';

/** What a whole message adds and changes: held back until somebody looks, and then written as one batch. */
type Delayed = 'saveTasks' | 'saveNode' | 'insertChecks' | 'insertWork';
type Written = 'tasks' | 'nodes' | 'checks' | 'work';

/** Calls of a message's path and the rows that they look at; before any other call everything is written. */
const LOOKS_AT: { readonly [Call in keyof MeshTables]?: readonly Written[] } = {
  takeQueued: ['tasks'],
  tasksFinishedBefore: ['tasks'],
  tasks: ['tasks'],
  tasksOfGroup: ['tasks'],
  node: ['nodes'],
  peekNode: ['nodes'],
  touchNodes: ['nodes'],
  silentNodes: ['nodes'],
  check: ['checks'],
  saveCheck: ['checks'],
  heldWork: ['work'],
  heldSummary: ['work'],
  workById: ['work'],
  saveWork: ['work'],
  uncreditedWork: ['work'],
  creditWork: ['work'],
  putBlobs: [],
  blob: [],
  addEvidence: [],
  forgetEvidence: [],
  refusedNodes: [],
  countWastedLease: [],
};

/** Tables with writes held back: {@link run} one work after the other. */
export interface WriteBehind {
  /** The work's writes are written when it ends, and dropped when it throws. */
  run<T>(work: (tables: MeshTables) => Promise<T>): Promise<T>;
}

interface SavedTask {
  readonly row: TaskRow;
  readonly change: TaskChange;
}

/**
 * A message of forty results changes forty tasks one after the other; written one by one, each costs a call to the engine
 * (on PostgreSQL a round trip). Of a row that is saved twice the last counts, as it would have.
 */
export function writeBehind(direct: MeshTables): WriteBehind {
  const tasks = new Map<string, SavedTask>();
  const nodes = new Map<string, NodeRow>();
  const earned = new Map<string, WorkRow>();
  const checks: CheckRow[] = [];
  const write: Readonly<Record<Written, () => Promise<void>>> = {
    tasks: () => writeTasks(direct, takeAll(tasks)),
    nodes: async () => {
      for (const row of takeAll(nodes)) await direct.saveNode(row);
    },
    work: () => direct.insertWork(takeAll(earned)),
    checks: () => direct.insertChecks(checks.splice(0)),
  };
  const waits: Readonly<Record<Written, () => boolean>> = {
    tasks: () => tasks.size > 0,
    nodes: () => nodes.size > 0,
    work: () => earned.size > 0,
    checks: () => checks.length > 0,
  };
  const flush = async (names: readonly Written[]): Promise<void> => {
    for (const name of names) if (waits[name]()) await write[name]();
  };
  const delayed: Pick<MeshTables, Delayed> = {
    async saveTasks(rows, change) {
      for (const row of rows) {
        const before = tasks.get(row.id)?.change ?? change;
        tasks.set(row.id, { row, change: before === change ? change : 'any' });
      }
    },
    async saveNode(row) {
      nodes.set(row.id, row);
    },
    async insertWork(rows) {
      for (const row of rows) earned.set(row.id, row);
    },
    async insertChecks(rows) {
      checks.push(...rows);
    },
  };
  const tables: MeshTables = { ...afterFlush(direct, flush), ...delayed };
  return {
    async run(work) {
      try {
        const value = await work(tables);
        await flush(ALL);
        return value;
      } catch (error) {
        for (const held of [tasks, nodes, earned]) held.clear();
        checks.length = 0;
        throw error;
      }
    },
  };
}

/** One batch for each kind of change. */
async function writeTasks(direct: MeshTables, saved: readonly SavedTask[]): Promise<void> {
  for (const change of CHANGES) {
    const rows = saved.filter((task) => task.change === change).map((task) => task.row);
    if (rows.length > 0) await direct.saveTasks(rows, change);
  }
}

const CHANGES: readonly TaskChange[] = ['lease', 'commitment', 'result', 'state', 'any'];

const ALL: readonly Written[] = ['tasks', 'nodes', 'work', 'checks'];

function takeAll<Row>(rows: Map<string, Row>): Row[] {
  const taken = [...rows.values()];
  rows.clear();
  return taken;
}

/** Every call, after what it looks at is written. */
function afterFlush(direct: MeshTables, flush: (names: readonly Written[]) => Promise<void>): MeshTables {
  const calls = Object.entries(direct).map(([name, call]) => {
    const seen = LOOKS_AT[name as keyof MeshTables] ?? ALL;
    return [
      name,
      async (...given: readonly unknown[]) => {
        await flush(seen);
        return (call as (...given: readonly unknown[]) => unknown)(...given);
      },
    ];
  });
  return Object.fromEntries(calls) as MeshTables; // The same calls, each by its name.
}
