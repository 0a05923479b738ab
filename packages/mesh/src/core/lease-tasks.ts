import { ok, present, type Result } from '@jamnet/base';
import { activeNode } from './active-node.ts';
import { entryKey } from './catalogue.ts';
import type { Context } from './context.ts';
import { RESULTS_PER_MESSAGE_MAX } from './identity.ts';
import type { AnswerByType, LeasedTask, Request, RequestCode } from './requests.ts';
import { requeue } from './requeue.ts';
import type { NodeRow, TaskRow } from './rows.ts';
import type { LeaseQuery } from './store.ts';
import { affordableUnits } from './trust.ts';

type Lease = Extract<Request, { type: 'lease' }>;

export async function leaseTasks(
  context: Context,
  request: Lease,
): Promise<Result<AnswerByType['lease'], RequestCode>> {
  const node = await activeNode(context, request.node);
  if (!node.ok) return node;
  const held = await context.tables.countTasksHeldBy(request.node);
  const free = context.dispatch.heldTasksMax - held;
  const limit = Math.max(0, Math.min(request.limit, free, RESULTS_PER_MESSAGE_MAX));
  const keys = request.kinds
    .filter((kind) => runnable(context, node.value, kind))
    .map((kind) => entryKey(kind.kind, kind.version));
  if (limit === 0 || keys.length === 0) return ok({ leased: [] });
  const rows = (await takeAffordable(context, { node: node.value, limit, keys })).map((task) =>
    leaseRow(context, task, node.value),
  );
  await context.tables.saveTasks(rows, 'lease');
  await context.tables.touchNodes([node.value.id], context.nowUs);
  return ok({ leased: await Promise.all(rows.map((row) => describe(context, row))) });
}

/** Tasks that the node's held pay covers come first: a dearer one would have to be re-run whole. */
async function takeAffordable(context: Context, query: LeaseQuery): Promise<TaskRow[]> {
  const workUnitsMax = affordableUnits(context.trust, query.node.heldUnits);
  const covered = await context.tables.takeQueued({ ...query, workUnitsMax });
  if (covered.length > 0) return covered;
  return context.tables.takeQueued(query);
}

/** A host of less than single precision gets exact (integer) kinds only. */
function runnable(context: Context, node: NodeRow, kind: { kind: string; version: number }): boolean {
  const entry = context.catalogue.find(kind.kind, kind.version);
  if (entry?.lane !== 'batch') return false;
  return node.precision === 'fp32' || entry.tolerance.rule === 'exact';
}

function leaseRow(context: Context, task: TaskRow, node: NodeRow): TaskRow {
  const entry = present(context.catalogue.find(task.kind, task.version), `catalogue entry of ${task.kind}`);
  return {
    ...task,
    state: 'leased',
    node: node.id,
    ownerGroup: node.ownerGroup,
    lease: task.lease + 1,
    deadlineUs: context.nowUs + BigInt(entry.deadlineMs) * 1000n,
  };
}

async function describe(context: Context, task: TaskRow): Promise<LeasedTask> {
  const entry = present(context.catalogue.find(task.kind, task.version), `catalogue entry of ${task.kind}`);
  const { id, lease, kind, version, inputHash, workUnits, deadlineUs } = task;
  const input = present(await context.tables.blob(inputHash), `input ${inputHash} of task ${id}`);
  return {
    task: id,
    lease,
    kind,
    version,
    inputHash,
    input,
    chunkCount: entry.chunkCount,
    workUnits,
    deadlineUs,
  };
}

export async function giveBackTasks(
  context: Context,
  request: Extract<Request, { type: 'give-back' }>,
): Promise<Result<AnswerByType['give-back'], RequestCode>> {
  const tasks = (await context.tables.tasks(request.tasks)).filter(
    (task) => task.node === request.node && (task.state === 'leased' || task.state === 'committed'),
  );
  for (const task of tasks) await requeue(context, task, { wastedBy: request.node });
  return ok({ returned: tasks.length });
}
