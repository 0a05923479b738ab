import type { CheckPurpose, CheckRow, TaskRow, WorkRow } from './rows.ts';

const LOOKS_BACK = ['backtrack', 'settle'] as const;

/** Of the check that a result passes before it is believed: one for each lease. */
export function gateId(task: string, lease: number): string {
  return `${task}.${lease}.gate`;
}

function lookBackId(task: string, node: string, purpose: (typeof LOOKS_BACK)[number]): string {
  return `${task}.${node.slice(0, 13)}.${purpose}`;
}

/** Every id that a check of the task can have, where `nodes` are all whose result was ever accepted for it. */
export function checkIdsOf({ id, lease }: TaskRow, nodes: readonly string[]): string[] {
  const gates = Array.from({ length: lease }, (_, before) => gateId(id, before + 1));
  return [...gates, ...nodes.flatMap((node) => LOOKS_BACK.map((purpose) => lookBackId(id, node, purpose)))];
}

/** A look back at accepted work. One id for each purpose, so that asking twice is asking once. */
export function checkRow(
  work: WorkRow,
  task: TaskRow,
  how: { readonly purpose: Exclude<CheckPurpose, 'gate'>; readonly chunks: readonly number[] },
): CheckRow {
  const { kind, version, inputHash } = task;
  return {
    id: lookBackId(work.task, work.node, how.purpose),
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
