import type { CheckRow, EvidenceRow, NodeRow, TaskRow, WorkRow } from '../core/rows.ts';
import type { Tables } from './tables.ts';

// Enumerated columns are written by this package alone, from the unions they are cast back to.

export function nodeOf(row: Tables['mesh_node']): NodeRow {
  return {
    id: row.id,
    publicKey: row.public_key,
    name: row.name,
    ownerGroup: row.owner_group,
    payee: row.payee,
    trusted: row.trusted === 1n,
    state: row.state as NodeRow['state'],
    precision: row.precision_class as NodeRow['precision'],
    revealed: Number(row.revealed),
    consecutiveValid: Number(row.consecutive_valid),
    provenFakes: Number(row.proven_fakes),
    heldUnits: row.held_units,
    releasedUnits: row.released_units,
    forfeitedUnits: row.forfeited_units,
    seenAtUs: row.seen_at_us,
    kindKeys: textsOf(row.kind_keys),
    network: row.network,
  };
}

export function nodeColumns(node: NodeRow): Tables['mesh_node'] {
  return {
    id: node.id,
    public_key: node.publicKey,
    name: node.name,
    owner_group: node.ownerGroup,
    payee: node.payee,
    trusted: node.trusted ? 1n : 0n,
    state: node.state,
    precision_class: node.precision,
    revealed: BigInt(node.revealed),
    consecutive_valid: BigInt(node.consecutiveValid),
    proven_fakes: BigInt(node.provenFakes),
    held_units: node.heldUnits,
    released_units: node.releasedUnits,
    forfeited_units: node.forfeitedUnits,
    seen_at_us: node.seenAtUs,
    kind_keys: node.kindKeys && JSON.stringify(node.kindKeys),
    network: node.network,
  };
}

export function taskOf(row: Tables['mesh_task'], excludedOwnerGroups: readonly string[]): TaskRow {
  return {
    id: row.id,
    group: row.task_group,
    replicas: Number(row.replicas),
    kind: row.kind,
    version: Number(row.version),
    inputHash: row.input_hash,
    workUnits: row.work_units,
    priority: Number(row.priority),
    subject: row.subject,
    audience: row.audience as TaskRow['audience'],
    excludedOwnerGroups,
    candidates: textsOf(row.candidates),
    preferred: row.preferred,
    preferredUntilUs: row.preferred_until_us,
    state: row.state as TaskRow['state'],
    node: row.node,
    ownerGroup: row.owner_group,
    lease: Number(row.lease),
    deadlineUs: row.deadline_us,
    resultHash: row.result_hash,
    chunkHashes: textsOf(row.chunk_hashes),
  };
}

/** Written by this file as a JSON list of strings. */
function textsOf(json: string | null): string[] | null {
  return json === null ? null : (JSON.parse(json) as string[]);
}

export function taskColumns(task: TaskRow): Tables['mesh_task'] {
  return {
    id: task.id,
    task_group: task.group,
    replicas: BigInt(task.replicas),
    kind: task.kind,
    version: BigInt(task.version),
    kind_key: `${task.kind}@${task.version}`,
    input_hash: task.inputHash,
    work_units: task.workUnits,
    priority: BigInt(task.priority),
    subject: task.subject,
    audience: task.audience,
    candidates: task.candidates && JSON.stringify(task.candidates),
    preferred: task.preferred,
    preferred_until_us: task.preferredUntilUs,
    state: task.state,
    node: task.node,
    owner_group: task.ownerGroup,
    lease: BigInt(task.lease),
    deadline_us: task.deadlineUs,
    result_hash: task.resultHash,
    chunk_hashes: chunkHashesText(task.chunkHashes),
  };
}

export function chunkHashesText(hashes: TaskRow['chunkHashes']): string | null {
  return hashes && JSON.stringify(hashes);
}

export function checkOf(row: Tables['mesh_check']): CheckRow {
  return {
    id: row.id,
    task: row.task,
    node: row.node,
    kind: row.kind,
    version: Number(row.version),
    inputHash: row.input_hash,
    resultHash: row.result_hash,
    chunks: JSON.parse(row.chunks) as number[],
    purpose: row.purpose as CheckRow['purpose'],
    done: row.done === 1n,
  };
}

/** Without the claim: a new check has none. */
export function checkColumns(check: CheckRow): Omit<Tables['mesh_check'], 'claimed_until_us'> {
  return {
    id: check.id,
    task: check.task,
    node: check.node,
    kind: check.kind,
    version: BigInt(check.version),
    input_hash: check.inputHash,
    result_hash: check.resultHash,
    chunks: JSON.stringify(check.chunks),
    purpose: check.purpose,
    done: check.done ? 1n : 0n,
  };
}

/** Without what only the payment writes. */
type WorkColumns = Omit<Tables['mesh_work'], 'credited'>;

export function workOf(row: WorkColumns): WorkRow {
  return {
    id: row.id,
    task: row.task,
    node: row.node,
    kind: row.kind,
    meter: row.meter,
    workUnits: row.work_units,
    payee: row.payee,
    ownerGroup: row.owner_group,
    subject: row.subject,
    evidence: row.evidence,
    resultHash: row.result_hash,
    acceptedAtUs: row.accepted_at_us,
    verified: row.verified === 1n,
    state: row.state as WorkRow['state'],
  };
}

export function workColumns(work: WorkRow): WorkColumns {
  return {
    id: work.id,
    task: work.task,
    node: work.node,
    kind: work.kind,
    meter: work.meter,
    work_units: work.workUnits,
    payee: work.payee,
    owner_group: work.ownerGroup,
    subject: work.subject,
    evidence: work.evidence,
    result_hash: work.resultHash,
    accepted_at_us: work.acceptedAtUs,
    verified: work.verified ? 1n : 0n,
    state: work.state,
  };
}

export function evidenceOf(row: Tables['mesh_evidence']): EvidenceRow {
  return {
    node: row.node,
    task: row.task,
    atUs: row.at_us,
    code: row.code as EvidenceRow['code'],
    sentence: row.sentence,
  };
}

export function evidenceColumns(row: EvidenceRow): Tables['mesh_evidence'] {
  return { node: row.node, task: row.task, at_us: row.atUs, code: row.code, sentence: row.sentence };
}
