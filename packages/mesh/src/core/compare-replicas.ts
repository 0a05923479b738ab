import { compareChunk } from './agreement.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { Context } from './context.ts';
import { checkRow } from './make-check.ts';
import { chunkOf } from './result-chunks.ts';
import type { CheckRow, TaskRow } from './rows.ts';
import { judgeAgreements } from './trust.ts';
import { workIdOf } from './work-record.ts';

/**
 * Whether a result contradicts what another owner returned for the same task and was believed. Nobody is outvoted: each side is then
 * re-run whole by a trusted host, the other side here. Only for kinds whose entry asks for replicas.
 */
export async function contradictsReplica(
  context: Context,
  task: TaskRow,
  entry: CatalogueEntry,
  result: Uint8Array,
): Promise<boolean> {
  if ((entry.replicas ?? 1) < 2) return false;
  const checks: CheckRow[] = [];
  let contradicts = false;
  for (const other of await context.tables.tasksOfGroup(task.group)) {
    if (other.id === task.id || other.state !== 'accepted' || other.resultHash === null) continue;
    if (other.resultHash === task.resultHash) continue;
    const believed = await context.tables.blob(other.resultHash);
    if (!believed || agree(entry, believed, result)) continue;
    contradicts = true;
    checks.push(...(await wholeChecks(context, other, entry)));
  }
  await context.tables.insertChecks(checks);
  for (const check of checks) context.effects.push({ type: 'check', check });
  return contradicts;
}

function agree({ tolerance, chunkCount }: CatalogueEntry, one: Uint8Array, other: Uint8Array): boolean {
  const agreements = Array.from({ length: chunkCount }, (_, chunk) =>
    compareChunk(tolerance, chunk, chunkOf(one, chunkCount, chunk), chunkOf(other, chunkCount, chunk)),
  );
  return judgeAgreements(tolerance, agreements).verdict === 'valid';
}

/** A re-run of all that was believed of it; none where that was done before. */
async function wholeChecks(context: Context, task: TaskRow, entry: CatalogueEntry): Promise<CheckRow[]> {
  const work = await context.tables.workById(workIdOf(context, task.id, task.node ?? ''));
  if (work?.state !== 'held' || work.verified) return [];
  const chunks = Array.from({ length: entry.chunkCount }, (_, chunk) => chunk);
  const check = checkRow(work, task, { purpose: 'backtrack', chunks });
  return (await context.tables.check(check.id)) ? [] : [check];
}
