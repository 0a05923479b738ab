import { type Context, note } from './context.ts';
import { choosePreferred } from './prefer.ts';
import type { TaskRow } from './rows.ts';
import { passedOnSentence } from './sentences.ts';

/**
 * Puts a task back, for the next node of its order; gives it up when its leases are used up. `anybody`: its turn is over;
 * `wastedBy`: the node that had it and did not return it.
 */
export async function requeue(
  context: Context,
  task: TaskRow,
  options: { refuseNode?: string; wastedBy?: string; anybody?: boolean } = {},
): Promise<void> {
  if (options.refuseNode) await context.tables.refuseTask(task.id, options.refuseNode);
  if (options.wastedBy) await countWasted(context, task, options.wastedBy);
  const free: TaskRow = {
    ...task,
    state: 'queued',
    node: null,
    ownerGroup: null,
    resultHash: null,
    chunkHashes: null,
  };
  if (task.lease >= context.dispatch.leasesMax) {
    await context.tables.saveTasks([{ ...free, state: 'failed' }], 'any');
    const sentence = `Given up after ${task.lease} leases: no host returned a valid result.`;
    context.effects.push({ type: 'failed', task: task.id, sentence });
    return;
  }
  const replicas = options.anybody ? [] : await context.tables.tasksOfGroup(task.group);
  const preferred = options.anybody ? null : await choosePreferred(context, free, replicas);
  await context.tables.saveTasks([{ ...free, preferred, preferredUntilUs: turnUntil(context, task) }], 'any');
  context.effects.push({ type: 'work-waiting', tasks: 1, preferred: preferred ? [preferred] : [] });
}

async function countWasted(context: Context, task: TaskRow, node: string): Promise<void> {
  const leases = await context.tables.countWastedLease(task.id, node);
  if (leases < context.dispatch.wastedLeasesMax) return;
  await context.tables.refuseTask(task.id, node);
  await note(context, node, task.id, 'passed-on', passedOnSentence(task.id, leases));
}

/** A preferred node's turn lasts as long as the kind's deadline. */
export function turnUntil(context: Context, task: TaskRow): bigint {
  const deadlineMs = context.catalogue.find(task.kind, task.version)?.deadlineMs ?? 0;
  return context.nowUs + BigInt(deadlineMs) * 1000n;
}
