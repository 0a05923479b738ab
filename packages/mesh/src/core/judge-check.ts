import { ok, present, type Result, refuse } from '@jamnet/base';
import { acceptResult } from './accept-result.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { type Context, note } from './context.ts';
import { evict } from './evict.ts';
import { checkRow } from './make-check.ts';
import type { AnswerByType, Request, RequestCode } from './requests.ts';
import { requeue } from './requeue.ts';
import type { CheckOutcome, CheckRow, NodeRow, TaskRow, WorkRow } from './rows.ts';
import { banSentence, findingSentence, forfeitSentence } from './sentences.ts';
import { type Finding, judgeAgreements } from './trust.ts';
import { workIdOf } from './work-record.ts';

type Checked = Extract<Request, { type: 'checked' }>;

/** A trusted host has re-run chunks of a result: accept it, or refuse it and draw the consequences. */
export async function judgeCheck(
  context: Context,
  request: Checked,
): Promise<Result<AnswerByType['checked'], RequestCode>> {
  const check = await context.tables.check(request.check);
  if (!check || check.done) return refuse('check-unknown', `No open check ${request.check}.`);
  const [task] = await context.tables.tasks([check.task]);
  const node = await context.tables.node(check.node);
  const held = { task: present(task, 'task of a check'), node: present(node, 'node of a check'), check };
  if (!request.outcome.ran) return couldNotRun(context, held, request.outcome);
  if (!coversAllChunks(check, request.outcome)) {
    return refuse(
      'outcome-malformed',
      `Report one agreement for each of the chunks ${check.chunks.join(', ')}.`,
    );
  }
  await context.tables.saveCheck({ ...check, done: true });
  const entry = present(
    context.catalogue.find(check.kind, check.version),
    `catalogue entry of ${check.kind}`,
  );
  const finding = judgeAgreements(entry.tolerance, request.outcome.agreements);
  if (finding.verdict === 'valid') await passed(context, held, entry);
  else await failed(context, held, entry, finding);
  return ok({ verdict: finding.verdict });
}

interface Checking {
  readonly check: CheckRow;
  readonly task: TaskRow;
  readonly node: NodeRow;
}

function coversAllChunks(check: CheckRow, outcome: Extract<CheckOutcome, { ran: true }>): boolean {
  const seen = new Set(outcome.agreements.map((agreement) => agreement.chunk));
  return outcome.agreements.length === check.chunks.length && check.chunks.every((chunk) => seen.has(chunk));
}

/**
 * Our own host failed, which says nothing about the node: the task is computed again, the node not blamed. Where the bytes are gone for
 * good, what is held for the result is not paid: else whoever can have inputs erased has false results of them paid.
 */
async function couldNotRun(
  context: Context,
  held: Checking,
  { reason, gone = false }: Extract<CheckOutcome, { ran: false }>,
): Promise<Result<AnswerByType['checked'], RequestCode>> {
  const { check, task, node } = held;
  await context.tables.saveCheck({ ...check, done: true });
  const works = gone && check.purpose !== 'gate' ? await heldOn(context, node, task) : [];
  const sentence =
    works.length > 0
      ? `The studio's last look came too late: ${reason}. What nobody can look at is not paid; not your fault, no penalty.`
      : `The studio's re-run failed (${reason}); not your fault, no penalty.`;
  await note(context, node.id, task.id, 'check-failed', sentence);
  if (works.length > 0) await context.tables.saveNode(await forfeit(context, node, works));
  if (check.purpose === 'gate' && task.state === 'checking') await requeue(context, task, { anybody: true });
  return ok({ verdict: 'unknown' });
}

async function passed(context: Context, held: Checking, entry: CatalogueEntry): Promise<void> {
  const { check, task, node } = held;
  const verified = check.chunks.length === entry.chunkCount;
  if (check.purpose === 'gate') {
    if (task.state !== 'checking' || task.node !== node.id) return;
    if (node.state === 'banned') return withhold(context, held);
    await context.tables.saveNode(await acceptResult(context, node, task, { verified }));
    return;
  }
  const works = await heldOn(context, node, task);
  await context.tables.saveWork(
    works.map((work): WorkRow => ({ ...work, verified: work.verified || verified })),
  );
}

/** The result is right, but its sender was banned meanwhile: it earns nothing, somebody honest computes it. */
async function withhold(context: Context, held: Checking): Promise<void> {
  await requeue(context, held.task, { refuseNode: held.node.id });
}

async function failed(
  context: Context,
  held: Checking,
  entry: CatalogueEntry,
  finding: Exclude<Finding, { verdict: 'valid' }>,
): Promise<void> {
  const { check, task, node } = held;
  const proven = finding.verdict === 'fake';
  const code = proven ? 'refused-fake' : 'refused-precision';
  const sentence = findingSentence(task.id, entry.tolerance, finding);
  await note(context, node.id, task.id, code, sentence);
  context.effects.push({ type: 'refused', task: task.id, node: node.id, code, sentence, proven });
  if (check.purpose !== 'gate') context.effects.push({ type: 'retracted', task: task.id, node: node.id });
  let after: NodeRow = { ...node, consecutiveValid: 0 };
  after = await dropWork(context, after, task);
  after = proven ? await punish(context, after, task) : { ...after, precision: 'fp16' };
  await context.tables.saveNode(after);
  if (task.node === node.id && (task.state === 'checking' || task.state === 'accepted')) {
    await requeue(context, task, { refuseNode: node.id });
  }
  if (!proven) await recheckHeld(context, after);
  if (after.state === 'banned' && node.state !== 'banned') await evict(context, after.id);
}

/** The false result's own pay, where it was accepted before. */
async function dropWork(context: Context, node: NodeRow, task: TaskRow): Promise<NodeRow> {
  return forfeit(context, node, await heldOn(context, node, task));
}

/** What is held of a node for one task, if anything. */
async function heldOn(context: Context, node: NodeRow, task: TaskRow): Promise<WorkRow[]> {
  const work = await context.tables.workById(workIdOf(context, task.id, node.id));
  return work?.state === 'held' ? [work] : [];
}

async function forfeit(context: Context, node: NodeRow, works: readonly WorkRow[]): Promise<NodeRow> {
  await context.tables.saveWork(works.map((work): WorkRow => ({ ...work, state: 'forfeited' })));
  const units = works.reduce((sum, work) => sum + work.workUnits, 0n);
  return { ...node, heldUnits: node.heldUnits - units, forfeitedUnits: node.forfeitedUnits + units };
}

/** Takes all held pay and what it was for, and bans the key at the policy's count of proven fakes. */
async function punish(context: Context, node: NodeRow, task: TaskRow): Promise<NodeRow> {
  const works = await context.tables.heldWork(node.id);
  const after = { ...(await forfeit(context, node, works)), provenFakes: node.provenFakes + 1 };
  const doubtful = works.filter((work) => !work.verified);
  if (works.length > 0) {
    const workUnits = works.reduce((sum, work) => sum + work.workUnits, 0n);
    const sentence = forfeitSentence(task.id, workUnits, works.length, doubtful.length);
    await note(context, node.id, task.id, 'forfeited', sentence);
    context.effects.push({ type: 'forfeited', node: node.id, workUnits, tasks: works.length, sentence });
  }
  await takeBack(context, node, doubtful);
  if (after.provenFakes < context.trust.fakesUntilBan || node.state === 'banned') return after;
  const sentence = banSentence(after.provenFakes);
  await note(context, node.id, null, 'banned', sentence);
  context.effects.push({ type: 'banned', node: node.id, sentence });
  return { ...after, state: 'banned' };
}

/**
 * Backtracking after a proven fake: what the node delivered and nobody re-ran whole is computed again by others, which the
 * forfeited pay buys. The studio's own hosts would have to re-run all of it for whoever sends one fake after many results.
 */
async function takeBack(context: Context, node: NodeRow, works: readonly WorkRow[]): Promise<void> {
  for (const task of await context.tables.tasks(works.map((work) => work.task))) {
    if (task.state !== 'accepted' || task.node !== node.id) continue;
    context.effects.push({ type: 'retracted', task: task.id, node: node.id });
    await requeue(context, task, { refuseNode: node.id });
  }
}

/** A host of less than single precision is no liar: what it delivered unchecked is re-run whole, and stands where it agrees. */
async function recheckHeld(context: Context, node: NodeRow): Promise<void> {
  const works = (await context.tables.heldWork(node.id)).filter((work) => !work.verified);
  const tasks = new Map(
    (await context.tables.tasks(works.map((work) => work.task))).map((task) => [task.id, task]),
  );
  const checks: CheckRow[] = [];
  for (const work of works) {
    const task = tasks.get(work.task);
    if (task?.state !== 'accepted' || task.node !== node.id) continue;
    const { chunkCount } = present(
      context.catalogue.find(task.kind, task.version),
      `catalogue entry of ${task.kind}`,
    );
    const chunks = Array.from({ length: chunkCount }, (_, chunk) => chunk);
    checks.push(checkRow(work, task, { purpose: 'backtrack', chunks }));
  }
  await context.tables.insertChecks(checks);
  for (const check of checks) context.effects.push({ type: 'check', check });
}
