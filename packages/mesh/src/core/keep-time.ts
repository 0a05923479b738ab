import { ok, type Result } from '@jamnet/base';
import { release } from './accept-result.ts';
import { type Context, note } from './context.ts';
import { wholeCheck } from './judge-check.ts';
import { markGone } from './register-node.ts';
import type { AnswerByType, RequestCode } from './requests.ts';
import { requeue } from './requeue.ts';
import type { CheckRow } from './rows.ts';

/** Rows that one tick looks at; what is left comes with the next. */
const ROWS_PER_TICK_MAX = 500;

/** Deadlines, turns and silence. Call it a few times a second. */
export async function keepTime(context: Context): Promise<Result<AnswerByType['tick'], RequestCode>> {
  const late = await context.tables.tasksPastDeadline(context.nowUs, ROWS_PER_TICK_MAX);
  for (const task of late) {
    const node = task.node ?? '';
    await note(
      context,
      node,
      task.id,
      'late',
      `Task ${task.id.slice(0, 12)} was not returned by its deadline; somebody else gets it.`,
    );
    context.effects.push({ type: 'expired', task: task.id, node });
    await requeue(context, task, { anybody: true });
  }
  const turns = await context.tables.tasksPastPreference(context.nowUs, ROWS_PER_TICK_MAX);
  await context.tables.saveTasks(turns.map((task) => ({ ...task, preferred: null })));
  if (turns.length > 0) context.effects.push({ type: 'work-waiting', tasks: turns.length, preferred: [] });
  const silent = await context.tables.nodesSilentSince(
    context.nowUs - context.dispatch.goneAfterUs,
    ROWS_PER_TICK_MAX,
  );
  for (const node of silent) await markGone(context, node);
  return ok({ expired: late.length, gone: silent.length });
}

/** Before an epoch closes: verified pay is released, the rest is re-run whole and released when it agrees. */
export async function settle(context: Context): Promise<Result<AnswerByType['settle'], RequestCode>> {
  let released = 0;
  const checks: CheckRow[] = [];
  for (const node of await context.tables.nodes()) {
    const held = await context.tables.heldWork(node.id);
    const verified = held.filter((work) => work.verified);
    released += verified.length;
    if (verified.length > 0) await context.tables.saveNode(await release(context, node, verified));
    for (const work of held)
      if (!work.verified) checks.push(...(await wholeCheck(context, work, 'settle', 1)));
  }
  await context.tables.insertChecks(checks);
  for (const check of checks) context.effects.push({ type: 'check', check });
  return ok({ released, pending: await context.tables.countOpenChecks() });
}
