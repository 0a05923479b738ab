import { present } from '@jamnet/base';
import { type Context, note } from './context.ts';
import type { NodeRow, TaskRow, WorkRow } from './rows.ts';
import { mayRelease, releasableCount } from './trust.ts';
import { workRecord } from './work-record.ts';

/** The result may be used; its pay is held. Returns the node as it now is; the caller saves it. */
export async function acceptResult(
  context: Context,
  node: NodeRow,
  task: TaskRow,
  how: { verified: boolean },
): Promise<NodeRow> {
  const entry = present(context.catalogue.find(task.kind, task.version), `catalogue entry of ${task.kind}`);
  const work = workRecord(context, node, task, entry.meter, how.verified);
  const accepted: TaskRow = { ...task, state: 'accepted', chunkHashes: null };
  await context.tables.saveTasks([accepted], task.state === 'committed' ? 'result' : 'state');
  await context.tables.insertWork([work]);
  const { evidence, resultHash } = work;
  context.effects.push({
    type: 'accepted',
    task: accepted,
    node: node.id,
    resultHash,
    evidence,
  });
  const trusted: NodeRow = {
    ...node,
    consecutiveValid: node.consecutiveValid + 1,
    heldUnits: node.heldUnits + work.workUnits,
  };
  return releaseBeyondHold(context, trusted);
}

async function releaseBeyondHold(context: Context, node: NodeRow): Promise<NodeRow> {
  if (!mayRelease(context.trust, node.consecutiveValid)) return node;
  const all = await context.tables.heldSummary(node.id);
  if (all.count <= context.trust.holdTasks) return node;
  // The oldest alone: to read all ten thousand was a tenth of what a result of such a node cost.
  const oldest = await context.tables.heldWork(node.id, all.count - context.trust.holdTasks);
  return release(context, node, oldest.slice(0, releasableCount(context.trust, node.heldUnits, oldest, all)));
}

export async function release(context: Context, node: NodeRow, works: readonly WorkRow[]): Promise<NodeRow> {
  if (works.length === 0) return node;
  const rows = works.map((work): WorkRow => ({ ...work, state: 'released' }));
  await context.tables.saveWork(rows);
  let units = 0n;
  for (const work of rows) {
    units += work.workUnits;
    context.effects.push({ type: 'released', work });
  }
  await note(
    context,
    node.id,
    null,
    'released',
    `Pay of ${rows.length} tasks (${units} work units) released.`,
  );
  return { ...node, heldUnits: node.heldUnits - units, releasedUnits: node.releasedUnits + units };
}
