import { ok, present, type Result, refuse } from '@jamnet/base';
import { acceptResult } from './accept-result.ts';
import { activeNode } from './active-node.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { contradictsReplica } from './compare-replicas.ts';
import { type Context, note } from './context.ts';
import { type CommitItem, commitBytes, fixedHex, RESULTS_PER_MESSAGE_MAX } from './identity.ts';
import { checkDraw } from './keyed-draw.ts';
import { gateId } from './make-check.ts';
import type { AnswerByType, ItemAnswer, Request, RequestCode, RevealItem } from './requests.ts';
import { requeue } from './requeue.ts';
import { commitToResult } from './result-chunks.ts';
import type { NodeRow, TaskRow } from './rows.ts';
import { mismatchSentence } from './sentences.ts';
import { decideCheck } from './trust.ts';

type Commit = Extract<Request, { type: 'commit' }>;
type Reveal = Extract<Request, { type: 'reveal' }>;

/** First half: the hashes, signed, before anything is drawn. */
export async function takeCommitments(
  context: Context,
  request: Commit,
): Promise<Result<AnswerByType['commit'], RequestCode>> {
  if (request.items.length > RESULTS_PER_MESSAGE_MAX) {
    return refuse('batch-too-large', `Commit to at most ${RESULTS_PER_MESSAGE_MAX} results at once.`);
  }
  const node = await activeNode(context, request.node);
  if (!node.ok) return node;
  const publicKey = present(fixedHex(node.value.publicKey, 32), 'public key of a registered node');
  const signature = fixedHex(request.signature, 64);
  if (
    !signature ||
    !context.verifySignature(publicKey, commitBytes(request.node, request.items), signature)
  ) {
    return refuse('signature-invalid', 'The commitment is not signed by the node that holds the leases.');
  }
  const tasks = await rowsById(
    context,
    request.items.map((item) => item.task),
  );
  const items = request.items.map((item) =>
    judgeCommitment(context, request.node, tasks.get(item.task), item),
  );
  const saved: TaskRow[] = [];
  for (const [index, item] of request.items.entries()) {
    const task = tasks.get(item.task);
    if (!task || !items[index]?.ok) continue;
    saved.push({
      ...task,
      state: 'committed',
      resultHash: item.resultHash,
      chunkHashes: [...item.chunkHashes],
    });
  }
  await context.tables.saveTasks(saved, 'commitment');
  return ok({ items });
}

async function rowsById(context: Context, ids: readonly string[]): Promise<Map<string, TaskRow>> {
  return new Map((await context.tables.tasks([...new Set(ids)])).map((row) => [row.id, row]));
}

function judgeCommitment(
  context: Context,
  node: string,
  task: TaskRow | undefined,
  item: CommitItem,
): ItemAnswer {
  if (!task || task.node !== node || task.lease !== item.lease || task.state !== 'leased')
    return stale(item.task);
  if (context.nowUs > task.deadlineUs) return stale(item.task);
  const entry = entryOf(context, task);
  const wellFormed =
    fixedHex(item.resultHash, 32) !== null &&
    item.chunkHashes.length === entry.chunkCount &&
    item.chunkHashes.every((hash) => fixedHex(hash, 32) !== null);
  if (wellFormed) return { task: item.task, ok: true };
  const message = `Commit a SHA-256 over the result and one for each of its ${entry.chunkCount} chunks, in hex.`;
  return { task: item.task, ok: false, code: 'commitment-malformed', message };
}

function stale(task: string): ItemAnswer {
  const message = 'This lease is not yours, is over, or was used already: lease again.';
  return { task, ok: false, code: 'lease-stale', message };
}

function entryOf(context: Context, task: TaskRow): CatalogueEntry {
  return present(context.catalogue.find(task.kind, task.version), `catalogue entry of ${task.kind}`);
}

/** Second half: the results themselves. Each is held against its commitment, then accepted or sent to a re-run. */
export async function takeReveals(
  context: Context,
  request: Reveal,
): Promise<Result<AnswerByType['reveal'], RequestCode>> {
  if (request.items.length > RESULTS_PER_MESSAGE_MAX) {
    return refuse('batch-too-large', `Send at most ${RESULTS_PER_MESSAGE_MAX} results at once.`);
  }
  const active = await activeNode(context, request.node);
  if (!active.ok) return active;
  const tasks = await rowsById(
    context,
    request.items.map((item) => item.task),
  );
  const items: ItemAnswer[] = [];
  let node = active.value;
  for (const item of request.items) {
    const { answer, nodeAfter } = await takeReveal(context, node, tasks.get(item.task), item);
    items.push(answer);
    tasks.delete(item.task); // A second copy in the same message finds no lease.
    node = nodeAfter;
  }
  await context.tables.saveNode({ ...node, seenAtUs: context.nowUs });
  return ok({ items });
}

interface Taken {
  readonly answer: ItemAnswer;
  readonly nodeAfter: NodeRow;
}

async function takeReveal(
  context: Context,
  node: NodeRow,
  task: TaskRow | undefined,
  item: RevealItem,
): Promise<Taken> {
  if (!task || task.node !== node.id || task.lease !== item.lease)
    return { answer: stale(item.task), nodeAfter: node };
  if (task.state !== 'committed' || !task.resultHash) {
    const message = 'Commit to the result first, then send it.';
    return { answer: { task: item.task, ok: false, code: 'commitment-missing', message }, nodeAfter: node };
  }
  const entry = entryOf(context, task);
  const differs = revealFault(context, task, entry, item);
  if (differs) return refuseReveal(context, node, task, differs);
  await context.tables.putBlobs([{ key: task.resultHash, bytes: item.result }]);
  return {
    answer: { task: item.task, ok: true },
    nodeAfter: await dispatchCheck(context, node, task, entry, item.result),
  };
}

function revealFault(
  context: Context,
  task: TaskRow,
  entry: CatalogueEntry,
  { result, commitment }: RevealItem,
): RequestCode | null {
  if (result.length > entry.limits.resultBytesMax) return 'result-too-large';
  const actual =
    commitment?.chunkHashes.length === entry.chunkCount
      ? commitment
      : commitToResult(context.sha256, result, entry.chunkCount);
  const same =
    actual.resultHash === task.resultHash &&
    actual.chunkHashes.every((hash, chunk) => hash === task.chunkHashes?.[chunk]);
  return same ? null : 'reveal-differs';
}

async function refuseReveal(
  context: Context,
  node: NodeRow,
  task: TaskRow,
  code: RequestCode,
): Promise<Taken> {
  const sentence = mismatchSentence(task.id, code === 'result-too-large');
  await note(context, node.id, task.id, 'refused-mismatch', sentence);
  context.effects.push({
    type: 'refused',
    task: task.id,
    node: node.id,
    code: 'refused-mismatch',
    sentence,
    proven: false,
  });
  await requeue(context, task, { refuseNode: node.id });
  const nodeAfter = { ...node, revealed: node.revealed + 1, consecutiveValid: 0 };
  return { answer: { task: task.id, ok: false, code, message: sentence }, nodeAfter };
}

async function dispatchCheck(
  context: Context,
  node: NodeRow,
  task: TaskRow,
  entry: CatalogueEntry,
  result: Uint8Array,
): Promise<NodeRow> {
  const contradicts = await contradictsReplica(context, task, entry, result);
  const scope = decideCheck(
    context.trust,
    node,
    { workUnits: task.workUnits, chunkCount: entry.chunkCount },
    checkDraw(context.sha256, context.secret, task.id),
  );
  const revealed: NodeRow = { ...node, revealed: node.revealed + 1 };
  if (scope.scope === 'none' && !contradicts)
    return acceptResult(context, revealed, task, { verified: false });
  const chunks =
    scope.scope === 'one' && !contradicts
      ? [scope.chunk]
      : Array.from({ length: entry.chunkCount }, (_, chunk) => chunk);
  await context.tables.saveTasks([{ ...task, state: 'checking', chunkHashes: null }], 'result');
  const check = {
    id: gateId(task.id, task.lease),
    task: task.id,
    node: node.id,
    kind: task.kind,
    version: task.version,
    inputHash: task.inputHash,
    resultHash: present(task.resultHash, 'result hash of a committed task'),
    chunks,
    purpose: 'gate',
    done: false,
  } as const;
  await context.tables.insertChecks([check]);
  context.effects.push({ type: 'check', check });
  return revealed;
}
