import { ok, present, type Result } from '@jamnet/base';
import { release } from './accept-result.ts';
import type { Context } from './context.ts';
import { checkDraw } from './keyed-draw.ts';
import { checkRow } from './make-check.ts';
import type { AnswerByType, RequestCode } from './requests.ts';
import type { CheckRow, WorkRow } from './rows.ts';
import { settleSample } from './trust.ts';

/** Before an epoch closes: a node's held pay is released once a last sample of its unverified results has agreed. */
export async function settle(context: Context): Promise<Result<AnswerByType['settle'], RequestCode>> {
  let released = 0;
  for (const node of await context.tables.nodes()) {
    if (node.heldUnits === 0n) continue; // Keys that never earned may be many.
    const held = await context.tables.heldWork(node.id);
    if (held.length === 0 || (await lastLook(context, held)) > 0) continue;
    await context.tables.saveNode(await release(context, node, held));
    released += held.length;
  }
  return ok({ released, pending: await context.tables.countOpenChecks() });
}

/**
 * The last look at results whose inputs are about to be erased, as large a sample of each node's as {@link settle} takes: a host that has
 * a say over the inputs could else have results of them paid that nobody can look at any more.
 */
export async function lookBeforeErasing(
  context: Context,
  inputHashes: readonly string[],
): Promise<Result<AnswerByType['look-before-erasing'], RequestCode>> {
  const erased = new Set(inputHashes);
  let pending = 0;
  for (const node of await context.tables.nodes()) {
    if (node.heldUnits === 0n) continue;
    const held = await context.tables.heldWork(node.id);
    const inputs = new Map(
      (await context.tables.tasks(held.map((work) => work.task))).map(({ id, inputHash }) => [id, inputHash]),
    );
    pending += await lastLook(
      context,
      held.filter((work) => erased.has(inputs.get(work.task) ?? '')),
    );
  }
  return ok({ pending });
}

/** Asks for the checks of the sample that were not asked for yet; how many of the sample still wait for their answer. */
async function lastLook(context: Context, held: readonly WorkRow[]): Promise<number> {
  const drawFor = (task: string) => checkDraw(context.sha256, context.secret, task);
  const unverified = held.filter((work) => !work.verified);
  const asked: CheckRow[] = [];
  let waits = 0;
  for (const work of settleSample(context.trust, unverified, drawFor)) {
    const check = await lastCheck(context, work);
    const known = await context.tables.check(check.id);
    if (!known) asked.push(check);
    if (!known?.done) waits++;
  }
  await context.tables.insertChecks(asked);
  for (const check of asked) context.effects.push({ type: 'check', check });
  return waits;
}

/** One chunk of it, drawn for this occasion alone. */
async function lastCheck(context: Context, work: WorkRow): Promise<CheckRow> {
  const [task] = await context.tables.tasks([work.task]);
  const { chunkCount } = present(
    context.catalogue.find(work.kind, present(task, 'task of held work').version),
    `catalogue entry of ${work.kind}`,
  );
  const draw = checkDraw(context.sha256, context.secret, work.task);
  return checkRow(work, present(task, 'task of held work'), {
    purpose: 'settle',
    chunks: [draw.keyedUnitBelow(chunkCount, 'settle chunk')],
  });
}
