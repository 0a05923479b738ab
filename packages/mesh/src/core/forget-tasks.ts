import type { Context } from './context.ts';
import { checkIdsOf } from './make-check.ts';
import type { TaskRow } from './rows.ts';
import { workIdOf } from './work-record.ts';

/** Finished tasks that one tick looks at; what is left comes with the next. */
export const FORGOTTEN_PER_TICK_MAX = 50;

/**
 * Forgets tasks that were finished long ago, with their checks and refusals: made again, such a task is a new one. One whose
 * pay is still held, or that is being looked at once more, stays until that is over. What was earned stays.
 */
export async function forgetTasks(context: Context): Promise<void> {
  const beforeUs = context.nowUs - context.dispatch.finishedTaskKeptUs;
  const finished = await context.tables.tasksFinishedBefore(beforeUs, FORGOTTEN_PER_TICK_MAX);
  const forgotten: TaskRow[] = [];
  const checks: string[] = [];
  for (const task of finished) {
    if (await isHeld(context, task)) continue;
    const known = await knownChecks(context, task);
    if (known === null) continue;
    forgotten.push(task);
    checks.push(...known);
  }
  if (forgotten.length > 0) await context.tables.forgetTasks(forgotten, checks);
}

async function isHeld(context: Context, { id, node }: TaskRow): Promise<boolean> {
  if (node === null) return false;
  return (await context.tables.workById(workIdOf(context, id, node)))?.state === 'held';
}

/** Ids of all checks there can be of a task; `null` while one of them is open. */
async function knownChecks(context: Context, task: TaskRow): Promise<string[] | null> {
  const nodes = new Set(await context.tables.refusedNodes(task.id));
  if (task.node !== null) nodes.add(task.node);
  const ids = checkIdsOf(task, [...nodes]);
  for (const id of ids) if ((await context.tables.check(id))?.done === false) return null;
  return ids;
}
