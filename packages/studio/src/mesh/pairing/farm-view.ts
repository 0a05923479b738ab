import type { Economy } from '@jamnet/economy';
import { type Farm, type FarmNode, platformSha256 } from '@jamnet/jamnode';
import { type Coordinator, type NodeRow, nodeIdOf } from '@jamnet/mesh';
import { isRefusal } from '../mesh-view.ts';
import type { ConnectedNode } from '../node-requests.ts';
import { idleReasonOf } from '../operator/node-desk.ts';

const EVIDENCE_READ = 20;
const MICRO_JAM_PER_JAM = 1_000_000n;

export interface FarmParts {
  readonly coordinator: Coordinator;
  readonly economy: Economy;
  readonly nowUs: () => bigint;
  /** Nodes connected to this coordinator now. */
  readonly connected: () => readonly ConnectedNode[];
}

/** An owner's machines, in the order of their keys, and what closed epochs have paid the owner for their work. */
export async function farmView(
  parts: FarmParts,
  owner: { ownerGroup: string; payee: string },
  keys: readonly string[],
): Promise<Farm> {
  const ids = new Set(keys.map((key) => nodeIdOf(platformSha256, key)));
  const connected = new Map(parts.connected().map((node) => [node.node, node]));
  const rows = (await parts.coordinator.nodes()).filter((row) => ids.has(row.id));
  const nodes: FarmNode[] = [];
  const { queued } = await parts.coordinator.queueDepth();
  for (const row of rows) nodes.push(await farmNode(parts.coordinator, row, connected.get(row.id), queued));
  const wallet = await parts.economy.wallet(parts.nowUs(), owner.payee);
  const computeMicroJam = wallet.lines
    .filter(({ kind }) => kind === 'compute')
    .reduce((sum, { microJam }) => sum + microJam, 0n);
  const heldMicroJam = wallet.balanceMicroJam + wallet.redeemingMicroJam + wallet.escrowMicroJam;
  const centsPerJam =
    wallet.worthCents === null || heldMicroJam === 0n
      ? null
      : (wallet.worthCents * MICRO_JAM_PER_JAM) / heldMicroJam;
  return {
    ...owner,
    nodes,
    computeMicroJam: String(computeMicroJam),
    centsPerJam: centsPerJam === null ? null : String(centsPerJam),
  };
}

async function farmNode(
  coordinator: Coordinator,
  row: NodeRow,
  now: ConnectedNode | undefined,
  queued: number,
): Promise<FarmNode> {
  const evidence = await coordinator.evidenceOf(row.id, EVIDENCE_READ);
  return {
    node: row.id,
    name: row.name,
    state: stateOf(row, now),
    device: now?.device ?? null,
    slots: now?.slots ?? 0,
    running: now?.running ?? 0,
    heldUnits: String(row.heldUnits),
    releasedUnits: String(row.releasedUnits),
    forfeitedUnits: String(row.forfeitedUnits),
    idle: now ? idleReasonOf(now, queued) : null,
    notice: now?.notice ?? null,
    lastRefusal: evidence.find(isRefusal)?.sentence ?? null,
  };
}

/** A machine that is active and not connected here is so at another coordinator, which alone knows what it does at the moment. */
function stateOf({ state }: NodeRow, now: ConnectedNode | undefined): FarmNode['state'] {
  if (state === 'banned') return 'banned';
  return now || state === 'active' ? 'connected' : 'gone';
}
