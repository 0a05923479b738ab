import type { EvidenceRow, NodeRow, TaskRow, WorkRow } from '@jamnet/mesh';
import type { StudioParts } from '../composition/studio-parts.ts';
import { LIST_LENGTH_MAX } from '../live/live-state.ts';
import type { NodeView, TaskView } from '../live/studio-state.ts';

const EVIDENCE_SHOWN = 200;
/** Decisions that say no. */
const REFUSALS: ReadonlySet<EvidenceRow['code']> = new Set([
  'refused-fake',
  'refused-precision',
  'refused-mismatch',
]);

export function isRefusal(row: EvidenceRow): boolean {
  return REFUSALS.has(row.code);
}

/** Brings nodes and tasks on the page up to what the coordinator's store says. */
export async function showMesh(parts: StudioParts, tasks: readonly string[]): Promise<void> {
  const { coordinator, live } = parts;
  const nodes = await coordinator.nodes();
  const evidence = new Map<string, EvidenceRow[]>();
  for (const node of nodes) evidence.set(node.id, await coordinator.evidenceOf(node.id, EVIDENCE_SHOWN));
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  const work = await coordinator.work();
  const rows = await coordinator.tasks(tasks.slice(-LIST_LENGTH_MAX));
  live.update({
    nodes: nodes.map((node) => nodeView(node, evidence.get(node.id) ?? [], verifiedOf(work, node.id))),
    tasks: rows.map((task) => taskView(task, names, [...evidence.values()].flat())),
  });
}

/** Results of a node that stand: paid, or held and not found false. */
function verifiedOf(work: readonly WorkRow[], node: string): number {
  return work.filter((row) => row.node === node && row.state !== 'forfeited').length;
}

function nodeView(node: NodeRow, evidence: readonly EvidenceRow[], verified: number): NodeView {
  const state = node.state === 'banned' ? 'banned' : node.state === 'active' ? 'idle' : 'offline';
  return {
    id: node.id,
    name: node.name,
    state,
    verified,
    rejected: evidence.filter(isRefusal).length,
    workUnits: node.releasedUnits.toString(),
    lastRefusal: evidence.find(isRefusal)?.sentence ?? null,
  };
}

const SHOWN_STATE: Readonly<Record<TaskRow['state'], TaskView['state']>> = {
  queued: 'queued',
  leased: 'leased',
  committed: 'leased',
  checking: 'checking',
  accepted: 'verified',
  failed: 'rejected',
};

function taskView(
  task: TaskRow,
  names: ReadonlyMap<string, string>,
  evidence: readonly EvidenceRow[],
): TaskView {
  const refusal = evidence.find((row) => row.task === task.id && isRefusal(row));
  return {
    id: task.id,
    kind: task.kind,
    state: SHOWN_STATE[task.state],
    node: task.node === null ? null : (names.get(task.node) ?? task.node.slice(0, 12)),
    reason: refusal?.sentence ?? null,
  };
}
