import type { CheckPurpose, CheckRow, TaskRow, WorkRow } from './rows.ts';

/** A look back at accepted work. One id for each purpose, so that asking twice is asking once. */
export function checkRow(
  work: WorkRow,
  task: TaskRow,
  how: { readonly purpose: Exclude<CheckPurpose, 'gate'>; readonly chunks: readonly number[] },
): CheckRow {
  const { kind, version, inputHash } = task;
  return {
    id: `${work.task}.${work.node.slice(0, 13)}.${how.purpose}`,
    task: work.task,
    node: work.node,
    kind,
    version,
    inputHash,
    resultHash: work.resultHash,
    chunks: how.chunks,
    purpose: how.purpose,
    done: false,
  };
}
