import { entryKey } from './catalogue.ts';
import type { Context } from './context.ts';
import { rankRendezvous } from './rendezvous.ts';
import type { NodeRow, TaskRow } from './rows.ts';

/** Whether a node may ever run a task, whatever its turn. The stores' `takeQueued` asks the same in SQL. */
export function mayRun(node: NodeRow, task: TaskRow): boolean {
  if (node.state !== 'active') return false;
  if (node.kindKeys && !node.kindKeys.includes(entryKey(task.kind, task.version))) return false;
  if (task.audience === 'trusted' && !node.trusted) return false;
  return !task.excludedOwnerGroups.includes(node.ownerGroup);
}

/**
 * The first node of the task's rendezvous order that may run it, was not refused it, and whose owner group
 * has no other replica; `null` when anybody may take it (no rendezvous, or nobody is left).
 */
export async function choosePreferred(
  context: Context,
  task: TaskRow,
  replicas: readonly TaskRow[],
): Promise<string | null> {
  if (!task.candidates) return null;
  const refused = new Set(await context.tables.refusedNodes(task.id));
  const others = replicas.filter((row) => row.id !== task.id);
  const takenGroups = new Set(others.flatMap((row) => row.ownerGroup ?? []));
  for (const row of others) {
    const holder = row.preferred ? await context.tables.peekNode(row.preferred) : null;
    if (holder) takenGroups.add(holder.ownerGroup);
  }
  for (const id of rankRendezvous(context.sha256, task.group, task.candidates)) {
    const node = refused.has(id) ? null : await context.tables.peekNode(id);
    if (node && mayRun(node, task) && !takenGroups.has(node.ownerGroup)) return id;
  }
  return null;
}
