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
 * and network have no other replica; `null` when anybody may take it (no rendezvous, or nobody is left).
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
  const takenNetworks = new Set<string | null>();
  for (const id of others.flatMap(({ preferred, node }) => [preferred ?? [], node ?? []].flat())) {
    const holder = await context.tables.peekNode(id);
    if (!holder) continue;
    takenGroups.add(holder.ownerGroup);
    takenNetworks.add(holder.network);
  }
  takenNetworks.delete(null);
  for (const id of rankRendezvous(context.sha256, task.group, task.candidates)) {
    const node = refused.has(id) ? null : await context.tables.peekNode(id);
    if (!node || !mayRun(node, task) || takenGroups.has(node.ownerGroup)) continue;
    if (!takenNetworks.has(node.network)) return id;
  }
  return null;
}
