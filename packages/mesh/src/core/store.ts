import type { CheckRow, EvidenceRow, NodeRow, NodeState, TaskRow, WorkRow } from './rows.ts';
import type { HeldSummary } from './trust.ts';

/** Where a coordinator keeps what it knows. Several coordinators may share one store. */
export interface MeshStore {
  /** Runs `work` atomically: all of its writes, or none when it throws. */
  transaction<T>(work: (tables: MeshTables) => Promise<T>): Promise<T>;
  /** An input or a result by its hash, outside of transactions: it never changes. The bytes are the caller's own. */
  blob(key: string): Promise<Uint8Array | null>;
}

/**
 * What of a saved task differs from the stored one: node, owner group, lease, deadline and state; the commitment and the
 * state; the state and the hashes of chunks, which nobody needs once the result is there; the state alone; or any of what
 * changes in a task's life. What is not named is not written.
 */
export type TaskChange = 'lease' | 'commitment' | 'result' | 'state' | 'any';

/** What a lease asks for. */
export interface LeaseQuery {
  readonly node: NodeRow;
  readonly limit: number;
  /** Kinds and versions the node can run. */
  readonly keys: readonly string[];
  /** Only tasks of so many work units or fewer; left out: however dear. */
  readonly workUnitsMax?: bigint;
}

/** Which nodes are looked at. */
export interface NodesQuery {
  readonly after: string;
  readonly limit: number;
  /** Only nodes in this state; left out: active, gone and banned ones alike. */
  readonly state?: NodeState;
}

/** Which part of a node's past is looked at: the newest first, those before a place; `null`: from the newest on. */
export interface RecordQuery {
  readonly node: string;
  readonly before: bigint | null;
  readonly limit: number;
}

/** A row with its place in the order in which all of its table came. */
export type Placed<Row> = Row & { readonly place: bigint };

/** Who counts as silent. */
export interface SilenceQuery {
  readonly nowUs: bigint;
  readonly silenceUs: bigint;
  readonly limit: number;
}

/** The tables within one transaction. Rows read for change stay locked until it ends. */
export interface MeshTables {
  /** How many were new; a known id is left as it is. */
  insertTasks(rows: readonly TaskRow[]): Promise<number>;
  /** Queued tasks this node may have, dearest priority and oldest first; skips rows that another coordinator holds. */
  takeQueued(query: LeaseQuery): Promise<TaskRow[]>;
  tasks(ids: readonly string[]): Promise<TaskRow[]>;
  tasksOfGroup(group: string): Promise<TaskRow[]>;
  /** Leased or committed tasks of a node. */
  tasksHeldBy(node: string): Promise<TaskRow[]>;
  countTasksHeldBy(node: string): Promise<number>;
  tasksPreferring(node: string): Promise<TaskRow[]>;
  /** Leased or committed tasks whose deadline is over. */
  tasksPastDeadline(nowUs: bigint, limit: number): Promise<TaskRow[]>;
  /** Queued tasks whose preferred node let its time go by. */
  tasksPastPreference(nowUs: bigint, limit: number): Promise<TaskRow[]>;
  /** Accepted and failed tasks whose last deadline was before the instant, the oldest first. */
  tasksFinishedBefore(instantUs: bigint, limit: number): Promise<TaskRow[]>;
  /** Deletes tasks and all that is kept of them besides blobs, work and evidence; `checks`: ids that theirs can have. */
  forgetTasks(tasks: readonly TaskRow[], checks: readonly string[]): Promise<void>;
  saveTasks(rows: readonly TaskRow[], change: TaskChange): Promise<void>;
  queueDepth(): Promise<{
    queued: number;
    running: number;
    checking: number;
    accepted: number;
    failed: number;
  }>;
  /** The node shall not get this task again. */
  refuseTask(task: string, node: string): Promise<void>;
  refusedNodes(task: string): Promise<string[]>;
  /** One more lease of the task that the node let go to waste; how many it now is. */
  countWastedLease(task: string, node: string): Promise<number>;

  /** Locked until the transaction ends. */
  node(id: string): Promise<NodeRow | null>;
  /** Not locked: for looking only. */
  peekNode(id: string): Promise<NodeRow | null>;
  nodes(): Promise<NodeRow[]>;
  /** By id, those after `after`, at most `limit`; not locked. */
  nodesAfter(query: NodesQuery): Promise<NodeRow[]>;
  saveNode(row: NodeRow): Promise<void>;
  /** They were heard of; those that are not active are left as they are. */
  touchNodes(ids: readonly string[], nowUs: bigint): Promise<void>;
  /** Ids of all active nodes. */
  activeNodes(): Promise<string[]>;
  /** Active nodes not heard of for longer than the silence. */
  silentNodes(query: SilenceQuery): Promise<NodeRow[]>;
  /** Nodes that never sent a result, counted up to `limit`. */
  countNewcomers(limit: number): Promise<number>;
  /** Deletes nodes that are gone, never sent a result and were last seen before the instant. */
  forgetNewcomers(instantUs: bigint, limit: number): Promise<void>;

  insertChecks(rows: readonly CheckRow[]): Promise<void>;
  check(id: string): Promise<CheckRow | null>;
  openChecks(limit: number): Promise<CheckRow[]>;
  /** Open checks that nobody is at, oldest first; nobody else gets them before `untilUs`. */
  claimChecks(nowUs: bigint, untilUs: bigint, limit: number): Promise<CheckRow[]>;
  countOpenChecks(): Promise<number>;
  saveCheck(row: CheckRow): Promise<void>;

  insertWork(rows: readonly WorkRow[]): Promise<void>;
  /** Held work of a node, oldest first; all of it, or the first `limit`. */
  heldWork(node: string, limit?: number): Promise<WorkRow[]>;
  heldSummary(node: string): Promise<HeldSummary>;
  /** What one node earned, or lost, for one task; `id`: `workIdOf`. */
  workById(id: string): Promise<WorkRow | null>;
  /** Held, released or forfeited. */
  workBefore(query: RecordQuery): Promise<Placed<WorkRow>[]>;
  work(filter: { state?: WorkRow['state']; node?: string }): Promise<WorkRow[]>;
  saveWork(rows: readonly WorkRow[]): Promise<void>;
  /** Released work that is not credited yet, in the order in which it came; `after`: the place of the last one that is known. */
  uncreditedWork(query: { readonly after: bigint; readonly limit: number }): Promise<Placed<WorkRow>[]>;
  /** The economy has them. */
  creditWork(ids: readonly string[]): Promise<void>;

  /** Inputs and results by hash; a known key is left as it is. The bytes must not change before the transaction ends. */
  putBlobs(blobs: readonly { readonly key: string; readonly bytes: Uint8Array }[]): Promise<void>;
  blob(key: string): Promise<Uint8Array | null>;

  addEvidence(rows: readonly EvidenceRow[]): Promise<void>;
  /** Looks at the oldest `limit` rows and deletes those of before the instant. */
  forgetEvidence(instantUs: bigint, limit: number): Promise<void>;
  /** Newest first. */
  evidenceOf(node: string, limit: number): Promise<EvidenceRow[]>;
  evidenceBefore(query: RecordQuery): Promise<Placed<EvidenceRow>[]>;
}
