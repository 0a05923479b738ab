import type { Context } from './context.ts';
import { reassign } from './reassign.ts';
import { requeue } from './requeue.ts';

/** A node is banned: what it holds and what waited for it goes to others, and never back. */
export async function evict(context: Context, node: string): Promise<void> {
  for (const task of await context.tables.tasksHeldBy(node))
    await requeue(context, task, { refuseNode: node });
  await reassign(context, node);
}
