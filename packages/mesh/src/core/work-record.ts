import { encodeUtf8, toHex } from '@jamnet/base';
import type { Context } from './context.ts';
import { taggedHashHex } from './digest.ts';
import { evidenceSalt } from './keyed-draw.ts';
import type { NodeRow, TaskRow, WorkRow } from './rows.ts';

/** The shape that the economy takes in; structural, so that this package does not know the economy. */
export interface ComputeContribution {
  readonly id: string;
  readonly schema: 'jamnet/contribution/v1';
  readonly kind: 'compute';
  readonly meter: string;
  readonly payees: readonly { readonly payee: string; readonly weight: bigint }[];
  /** Work units. */
  readonly merit: bigint;
  readonly subject: string;
  readonly acceptedAtUs: bigint;
  /** Salted SHA-256, hex. */
  readonly evidence: string;
  readonly ownerGroup: string;
}

export function contributionOf(work: WorkRow): ComputeContribution {
  const { id, meter, subject, acceptedAtUs, evidence, ownerGroup, payee, workUnits } = work;
  const payees = [{ payee, weight: 1n }];
  return {
    id,
    schema: 'jamnet/contribution/v1',
    kind: 'compute',
    meter,
    payees,
    merit: workUnits,
    subject,
    acceptedAtUs,
    evidence,
    ownerGroup,
  };
}

/** What the evidence hash covers: what was computed, by whom, from what, to what. No times: repeats hash the same. */
export function evidenceHash(context: Context, node: NodeRow, task: TaskRow): string {
  const salt = toHex(evidenceSalt(context.sha256, context.secret, task.id));
  const { id, kind, version, inputHash, resultHash, workUnits } = task;
  // Members in the order of canonical JSON, bigint as text: the engine writes the same bytes in less time.
  const document = {
    inputHash,
    kind,
    node: node.id,
    resultHash,
    salt,
    task: id,
    version,
    workUnits: String(workUnits),
  };
  return toHex(context.sha256(encodeUtf8(`jamnet/mesh/evidence/v1\0${JSON.stringify(document)}`)));
}

/** One row for what one node did on one task, however often it tries. */
export function workIdOf({ sha256 }: Pick<Context, 'sha256'>, task: string, node: string): string {
  return taggedHashHex(sha256, 'jamnet/mesh/earned/v1', task, node);
}

export function workRecord(
  context: Context,
  node: NodeRow,
  task: TaskRow,
  meter: string,
  verified: boolean,
): WorkRow {
  return {
    id: workIdOf(context, task.id, node.id),
    task: task.id,
    node: node.id,
    kind: task.kind,
    meter,
    workUnits: task.workUnits,
    payee: node.payee,
    ownerGroup: node.ownerGroup,
    subject: task.subject,
    evidence: evidenceHash(context, node, task),
    resultHash: task.resultHash ?? '',
    acceptedAtUs: context.nowUs,
    verified,
    state: 'held',
  };
}
