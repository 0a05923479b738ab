import type { MeshTask, TaskState } from '../api/state.ts';

export const TASK_STATES: readonly TaskState[] = ['queued', 'leased', 'checking', 'verified', 'rejected'];

/** All tasks of one kind, in the order they came. */
export interface TaskRow {
  readonly kind: string;
  readonly tasks: readonly MeshTask[];
  readonly counts: readonly { readonly state: TaskState; readonly count: number }[];
}

/** Tasks by kind, kinds in order of appearance, with how many stand in each state that occurs. */
export function rowsOf(tasks: readonly MeshTask[]): readonly TaskRow[] {
  const byKind = groupByKind(tasks);
  return [...byKind].map(([kind, ofKind]) => ({
    kind,
    tasks: ofKind,
    counts: TASK_STATES.map((state) => ({
      state,
      count: ofKind.filter((task) => task.state === state).length,
    })).filter(({ count }) => count > 0),
  }));
}

function groupByKind(tasks: readonly MeshTask[]): ReadonlyMap<string, MeshTask[]> {
  const groups = new Map<string, MeshTask[]>();
  for (const task of tasks) {
    const group = groups.get(task.kind);
    if (group === undefined) groups.set(task.kind, [task]);
    else group.push(task);
  }
  return groups;
}
