import type { TaskRow } from '../core/rows.ts';
import type { MeshTables, TaskChange } from '../core/store.ts';
import type { CommitmentLog } from './commitment-log.ts';

/** Tasks remembered, some 2 KB each. Those beyond are read from the table, and their commitments written to it, each time. */
export const OPEN_TASKS_MAX = 4096;

const OPEN_STATES: ReadonlySet<TaskRow['state']> = new Set(['leased', 'committed', 'checking']);

/** Changes that write no column beyond those of a commitment. */
const WITHIN_COMMITMENT: ReadonlySet<TaskChange> = new Set(['result', 'state']);

/**
 * The tasks that nodes and trusted hosts are at, in memory, for a store that one process writes: a result's way asked for each
 * row three times and wrote it three times. A commitment goes into the log, one row a message, and into the task's row
 * with the next change of it. Works run one after the other; after one that was undone say {@link forget}.
 */
export class OpenTasks {
  readonly #log: CommitmentLog;
  readonly #tasksMax: number;
  readonly #rows = new Map<string, TaskRow>();
  /** Entry of the log by task: its row does not have the commitment yet. */
  readonly #logged = new Map<string, number>();
  /** Tasks of each entry that are still in {@link #logged}. */
  readonly #left = new Map<number, number>();
  /** What the log holds is not in memory. */
  #isBehind = true;

  constructor(log: CommitmentLog, tasksMax = OPEN_TASKS_MAX) {
    this.#log = log;
    this.#tasksMax = tasksMax;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The database is no longer what was remembered: the next work begins from what it holds. */
  forget(): void {
    this.#rows.clear();
    this.#logged.clear();
    this.#left.clear();
    this.#isBehind = true;
  }

  /** At the beginning of a work: what an earlier process, or an undone work, left in the log goes to the tasks' rows. */
  async catchUp(direct: MeshTables): Promise<void> {
    if (!this.#isBehind) return;
    const logged = this.#log.all();
    const rows = await direct.tasks([...logged.keys()]);
    const committed = rows.flatMap((row): TaskRow[] => {
      const { lease, resultHash = null, chunkHashes = null } = logged.get(row.id) ?? {};
      const stands = row.state === 'leased' && row.lease === lease;
      return stands ? [{ ...row, state: 'committed', resultHash, chunkHashes }] : [];
    });
    await direct.saveTasks(committed, 'commitment');
    this.#log.clear();
    this.#isBehind = false;
  }

  /** The tables of one transaction as they are with what is remembered. */
  over(direct: MeshTables): MeshTables {
    const current = async (read: Promise<TaskRow[]>): Promise<TaskRow[]> =>
      (await read).map((row) => this.#rows.get(row.id) ?? row);
    return {
      ...direct,
      tasks: async (ids) => this.#remembered(ids) ?? current(direct.tasks(ids)),
      tasksOfGroup: (group) => current(direct.tasksOfGroup(group)),
      tasksHeldBy: (node) => current(direct.tasksHeldBy(node)),
      tasksPastDeadline: (nowUs, limit) => current(direct.tasksPastDeadline(nowUs, limit)),
      saveTasks: async (rows, change) => {
        if (change === 'commitment') return this.#commit(direct, rows);
        const logged = rows.filter((row) => this.#logged.has(row.id));
        const written = logged.length === 0 ? rows : rows.filter((row) => !this.#logged.has(row.id));
        if (written.length > 0) await direct.saveTasks(written, change);
        if (logged.length > 0)
          await direct.saveTasks(logged, WITHIN_COMMITMENT.has(change) ? 'commitment' : 'any');
        for (const row of logged) this.#takeFromLog(row.id);
        for (const row of rows) this.#remember(row);
      },
    };
  }

  /** By id, as the table answers; `null` when one of them is not remembered. */
  #remembered(ids: readonly string[]): TaskRow[] | null {
    const rows: TaskRow[] = [];
    for (const id of new Set(ids)) {
      const row = this.#rows.get(id);
      if (!row) return null;
      rows.push(row);
    }
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #commit(direct: MeshTables, rows: readonly TaskRow[]): Promise<void> {
    const remembered: TaskRow[] = [];
    const others: TaskRow[] = [];
    for (const row of rows) (this.#remember(row) ? remembered : others).push(row);
    if (others.length > 0) await direct.saveTasks(others, 'commitment');
    if (remembered.length === 0) return;
    const entry = this.#log.add(remembered);
    this.#left.set(entry, remembered.length);
    for (const row of remembered) this.#logged.set(row.id, entry);
  }

  #takeFromLog(task: string): void {
    const entry = this.#logged.get(task);
    if (entry === undefined) return;
    this.#logged.delete(task);
    const left = (this.#left.get(entry) ?? 1) - 1;
    this.#left.set(entry, left);
    if (left > 0) return;
    this.#left.delete(entry);
    this.#log.remove(entry);
  }

  #remember(row: TaskRow): boolean {
    const fits = OPEN_STATES.has(row.state) && (this.#rows.has(row.id) || this.#rows.size < this.#tasksMax);
    if (fits) this.#rows.set(row.id, row);
    else this.#rows.delete(row.id);
    return fits;
  }
}
