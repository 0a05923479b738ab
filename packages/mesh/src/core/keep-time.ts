import { ok, type Result } from '@jamnet/base';
import { type Context, note } from './context.ts';
import { forgetTasks } from './forget-tasks.ts';
import { markGone } from './register-node.ts';
import type { AnswerByType, RequestCode } from './requests.ts';
import { requeue } from './requeue.ts';

/** Rows that one tick looks at; what is left comes with the next. */
const ROWS_PER_TICK_MAX = 500;
/** Of evidence, which comes one by one: the oldest so many are looked at. */
const EVIDENCE_PER_TICK_MAX = 100;

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
    await requeue(context, task, { anybody: true, wastedBy: node });
  }
  const turns = await context.tables.tasksPastPreference(context.nowUs, ROWS_PER_TICK_MAX);
  await context.tables.saveTasks(
    turns.map((task) => ({ ...task, preferred: null })),
    'any',
  );
  if (turns.length > 0) context.effects.push({ type: 'work-waiting', tasks: turns.length, preferred: [] });
  const silent = await context.tables.silentNodes({
    nowUs: context.nowUs,
    silenceUs: context.dispatch.goneAfterUs,
    limit: ROWS_PER_TICK_MAX,
  });
  for (const node of silent) await markGone(context, node);
  await context.tables.forgetNewcomers(
    context.nowUs - context.dispatch.newcomerForgottenAfterUs,
    ROWS_PER_TICK_MAX,
  );
  await context.tables.forgetEvidence(context.nowUs - context.dispatch.evidenceKeptUs, EVIDENCE_PER_TICK_MAX);
  await forgetTasks(context);
  return ok({ expired: late.length, gone: silent.length });
}
