import type { Context } from './context.ts';
import { choosePreferred } from './prefer.ts';
import { turnUntil } from './requeue.ts';
import type { TaskRow } from './rows.ts';

/** A node is banned or gone: each queued task that waited for it goes to the next of the task's order. */
export async function reassign(context: Context, node: string): Promise<void> {
  const waiting = await context.tables.tasksPreferring(node);
  const moved: TaskRow[] = [];
  for (const task of waiting) {
    const preferred = await choosePreferred(context, task, await context.tables.tasksOfGroup(task.group));
    moved.push({ ...task, preferred, preferredUntilUs: turnUntil(context, task) });
  }
  if (moved.length === 0) return;
  await context.tables.saveTasks(moved, 'any');
  const preferred = [...new Set(moved.flatMap((task) => task.preferred ?? []))];
  context.effects.push({ type: 'work-waiting', tasks: moved.length, preferred });
}
