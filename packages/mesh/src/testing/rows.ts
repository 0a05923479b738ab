import type { NodeRow } from '../core/rows.ts';

/** An active node that has done nothing yet. */
export function testNode(id: string): NodeRow {
  return {
    id,
    publicKey: '00'.repeat(32),
    name: id,
    ownerGroup: `owner of ${id}`,
    payee: `p${'0'.repeat(32)}`,
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
