import type { Catalogue } from './catalogue.ts';
import type { Sha256 } from './digest.ts';
import type { VerifySignature } from './identity.ts';
import type { Effect } from './requests.ts';
import type { EvidenceCode } from './rows.ts';
import type { MeshTables } from './store.ts';
import type { TrustPolicy } from './trust.ts';

/** Rules of dispatch that are no matter of trust. */
export interface DispatchPolicy {
  /** A node not heard of for so long is gone; its tasks go to others. */
  readonly goneAfterUs: bigint;
  /** Leases a task may use up before it is given up. */
  readonly leasesMax: number;
  /** Leases of one task that one node may waste (late, given back, gone): then it is for others, so that no node alone can use up a task. */
  readonly wastedLeasesMax: number;
  /** Tasks that one node may hold at once, so that none can hoard the queue. */
  readonly heldTasksMax: number;
  /** Nodes remembered that never sent a result: keys cost nothing, so more are refused. */
  readonly newcomersMax: number;
  /** A node that left without ever sending a result is forgotten after so long. */
  readonly newcomerForgottenAfterUs: bigint;
  /** A check that a trusted host took and did not answer for so long goes to another. */
  readonly checkClaimUs: bigint;
  /** Tasks one creation may hold. */
  readonly createMax: number;
  /** A task that was accepted or given up is known for so long after its last lease's deadline, and longer while its pay is held. */
  readonly finishedTaskKeptUs: bigint;
  /** What was decided about a node can be read for so long. Held pay and what was earned are kept without end. */
  readonly evidenceKeptUs: bigint;
}

export const DISPATCH_POLICY: DispatchPolicy = {
  goneAfterUs: 38_000_000n, // Of beats of ten seconds every second one is written; the rest is for busy machines.
  leasesMax: 8,
  wastedLeasesMax: 3,
  heldTasksMax: 128, // Two for each of 64 slots, the most that a node announces.
  newcomersMax: 100_000, // Ten times the connections of a coordinator.
  newcomerForgottenAfterUs: 600_000_000n,
  checkClaimUs: 120_000_000n,
  createMax: 10_000,
  finishedTaskKeptUs: 20_736_000_000_000n, // As long as what was decided about it: a sentence names its task.
  evidenceKeptUs: 20_736_000_000_000n, // 240 days: twice the longest refund window, after which no pay of the time is open.
};

/** What a coordinator is built from. */
export interface CoordinatorParts {
  readonly catalogue: Catalogue;
  readonly trust: TrustPolicy;
  readonly dispatch: DispatchPolicy;
  /** 32 bytes that no host knows: spot checks and the salts of evidence are drawn from it and the task's id. */
  readonly secret: Uint8Array;
  readonly sha256: Sha256;
  readonly verifySignature: VerifySignature;
  /** Hex public keys of the studio's own hosts. */
  readonly trustedKeys: ReadonlySet<string>;
}

/** One decision under way: the instant, the tables of its transaction, and the effects so far. */
export interface Context extends CoordinatorParts {
  readonly nowUs: bigint;
  readonly tables: MeshTables;
  readonly effects: Effect[];
}

export async function note(
  context: Context,
  node: string,
  task: string | null,
  code: EvidenceCode,
  sentence: string,
): Promise<void> {
  await context.tables.addEvidence([{ node, task, atUs: context.nowUs, code, sentence }]);
}
