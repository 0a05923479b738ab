import type { NodeRow, TaskRow } from '../core/rows.ts';

/** An active node that has done nothing yet. */
export function testNode(id: string): NodeRow {
  return {
    id,
    publicKey: '00'.repeat(32),
    name: id,
    ownerGroup: `owner of ${id}`,
    payee: `p${'0'.repeat(32)}`,
    network: null,
    trusted: false,
    state: 'active',
    precision: 'fp32',
    revealed: 0,
    consecutiveValid: 0,
    provenFakes: 0,
    heldUnits: 0n,
    releasedUnits: 0n,
    forfeitedUnits: 0n,
    seenAtUs: 0n,
    kindKeys: null,
  };
}

/** A queued task of a group of its own, which nobody has had yet. */
export function testTask(id: string): TaskRow {
  return {
    id,
    group: id,
    replicas: 1,
    kind: 'bench.wave',
    version: 1,
    inputHash: '00',
    workUnits: 1n,
    priority: 0,
    subject: 's',
    audience: 'strangers',
    excludedOwnerGroups: [],
    candidates: null,
    preferred: null,
    preferredUntilUs: 0n,
    state: 'queued',
    node: null,
    ownerGroup: null,
    lease: 0,
    deadlineUs: 0n,
    resultHash: null,
    chunkHashes: null,
  };
}
