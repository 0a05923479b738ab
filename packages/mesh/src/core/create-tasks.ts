import { divideRoundingUp, ok, type Result, refuse, toHex } from '@jamnet/base';
import type { CatalogueEntry } from './catalogue.ts';
import type { Context } from './context.ts';
import { type Sha256, taggedHashHex } from './digest.ts';
import { choosePreferred } from './prefer.ts';
import type { AnswerByType, NewTask, Request, RequestCode } from './requests.ts';
import type { TaskRow } from './rows.ts';

/** One work unit is 10⁹ stated operations (DESIGN §5). */
export const OPERATIONS_PER_WORK_UNIT = 1_000_000_000n;

export const REPLICAS_MAX = 5;

function replicaId(group: string, replica: number): string {
  return replica === 0 ? group : `${group}-${replica}`;
}

/** All ids that tasks of one group can have. */
export function replicaIds(group: string): string[] {
  return Array.from({ length: REPLICAS_MAX }, (_, replica) => replicaId(group, replica));
}

export function workUnitsOf(operations: bigint): bigint {
  return divideRoundingUp(operations, OPERATIONS_PER_WORK_UNIT);
}

type Create = Extract<Request, { type: 'create' }>;

export async function createTasks(
  context: Context,
  request: Create,
): Promise<Result<AnswerByType['create'], RequestCode>> {
  const { createMax } = context.dispatch;
  if (request.tasks.length > createMax) {
    return refuse('batch-too-large', `${request.tasks.length} tasks at once: create at most ${createMax}.`);
  }
  const entries: CatalogueEntry[] = [];
  for (const task of request.tasks) {
    const entry = admit(context, task);
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  const candidates = await candidatesOf(context, request);
  const rows: TaskRow[] = [];
  for (const [index, task] of request.tasks.entries()) {
    const entry = entries[index];
    if (entry) rows.push(...(await rowsOf(context, task, entry, candidates)));
  }
  const created = await context.tables.insertTasks(rows);
  const preferred = [...new Set(rows.flatMap((row) => row.preferred ?? []))];
  if (created > 0) context.effects.push({ type: 'work-waiting', tasks: created, preferred });
  return ok({ tasks: rows.map((row) => row.id), created });
}

async function candidatesOf(context: Context, request: Create): Promise<readonly string[] | null> {
  if (request.assignment !== 'rendezvous') return null;
  if (request.candidates) return [...request.candidates].sort();
  const active = (await context.tables.nodes()).filter((node) => node.state === 'active');
  return active.map((node) => node.id).sort();
}

function admit(context: Context, task: NewTask): Result<CatalogueEntry, RequestCode> {
  const entry = context.catalogue.find(task.kind, task.version);
  if (!entry)
    return refuse('kind-unknown', `No kind "${task.kind}" version ${task.version} in the catalogue.`);
  if (entry.lane === 'real-time')
    return refuse('kind-real-time', `"${task.kind}" runs in sessions, not from the queue.`);
  const { inputBytesMax, operationsMax } = entry.limits;
  if (task.input.length > inputBytesMax) {
    return refuse(
      'input-too-large',
      `Input of ${task.input.length} bytes; "${task.kind}" takes at most ${inputBytesMax}: cut it.`,
    );
  }
  if (task.operations < 1n || task.operations > operationsMax) {
    return refuse(
      'operations-out-of-range',
      `"${task.kind}" states 1 to ${operationsMax} operations, not ${task.operations}.`,
    );
  }
  const replicas = task.replicas ?? 1;
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > REPLICAS_MAX) {
    return refuse('replicas-out-of-range', `Ask for 1 to ${REPLICAS_MAX} replicas.`);
  }
  if (entry.privacy === 'trusted' && task.audience === 'strangers') {
    return refuse('audience-forbidden', `"${task.kind}" may only run on trusted hosts.`);
  }
  return ok(entry);
}

/** The id under which a task is known, by what it is; of several replicas, the first one's. */
export function taskIdOf(
  sha256: Sha256,
  task: Pick<NewTask, 'kind' | 'version' | 'input' | 'subject'>,
  inputHash: string = toHex(sha256(task.input)),
): string {
  const { kind, version, subject } = task;
  return taggedHashHex(sha256, 'jamnet/mesh/task/v1', kind, String(version), inputHash, subject);
}

async function rowsOf(
  context: Context,
  task: NewTask,
  entry: CatalogueEntry,
  candidates: readonly string[] | null,
): Promise<TaskRow[]> {
  const inputHash = toHex(context.sha256(task.input));
  await context.tables.putBlobs([{ key: inputHash, bytes: task.input }]);
  const group = taskIdOf(context.sha256, task, inputHash);
  const rows: TaskRow[] = [];
  const replicas = Math.max(task.replicas ?? 1, entry.replicas ?? 1);
  for (let replica = 0; replica < replicas; replica++) {
    const row: TaskRow = {
      id: replicaId(group, replica),
      group,
      replicas,
      kind: task.kind,
      version: task.version,
      inputHash,
      workUnits: workUnitsOf(task.operations),
      priority: task.priority ?? 0,
      subject: task.subject,
      audience: entry.privacy === 'public' ? 'strangers' : (task.audience ?? 'trusted'),
      excludedOwnerGroups: task.excludedOwnerGroups ?? [],
      candidates,
      preferred: null,
      preferredUntilUs: context.nowUs + BigInt(entry.deadlineMs) * 1000n,
      state: 'queued',
      node: null,
      ownerGroup: null,
      lease: 0,
      deadlineUs: 0n,
      resultHash: null,
      chunkHashes: null,
    };
    rows.push({ ...row, preferred: await choosePreferred(context, row, rows) });
  }
  return rows;
}
