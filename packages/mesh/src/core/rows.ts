import type { Agreement } from './agreement.ts';

/** `gone`: left, or not heard of for a while; comes back by registering again. */
export type NodeState = 'active' | 'gone' | 'banned';

export interface NodeRow {
  readonly id: string;
  readonly publicKey: string;
  readonly name: string;
  readonly ownerGroup: string;
  readonly payee: string;
  /** Keyed hash of the network that it last registered from; replicas go to distinct ones. `null`: not known. */
  readonly network: string | null;
  /** One of the studio's own hosts: may see inputs of class `trusted`. */
  readonly trusted: boolean;
  readonly state: NodeState;
  /** `fp16`: was seen to compute in less than single precision; gets no float tasks. */
  readonly precision: 'fp32' | 'fp16';
  readonly revealed: number;
  readonly consecutiveValid: number;
  readonly provenFakes: number;
  readonly heldUnits: bigint;
  readonly releasedUnits: bigint;
  readonly forfeitedUnits: bigint;
  readonly seenAtUs: bigint;
  /** What it can run, as `kind@version`; `null` until it has said so. */
  readonly kindKeys: readonly string[] | null;
}

/** queued → leased → committed → checking → accepted; back to queued on refusal or lateness; failed after too many attempts. */
export type TaskState = 'queued' | 'leased' | 'committed' | 'checking' | 'accepted' | 'failed';

/** One replica of a task: what one host computes once. */
export interface TaskRow {
  /** Content-derived; replica r > 0 carries the suffix `-r`. */
  readonly id: string;
  /** The id without the suffix: replicas of one group go to distinct owner groups. */
  readonly group: string;
  /** Of the whole group, 1 … 5. */
  readonly replicas: number;
  readonly kind: string;
  readonly version: number;
  /** Key of the input among the blobs. */
  readonly inputHash: string;
  readonly workUnits: bigint;
  /** Higher goes first. */
  readonly priority: number;
  /** What the work is about, e.g. a take id; ends up in the contribution. */
  readonly subject: string;
  /** `trusted`: only the studio's hosts may see the input. */
  readonly audience: 'strangers' | 'trusted';
  readonly excludedOwnerGroups: readonly string[];
  /** Nodes among which rendezvous chooses; `null`: first come, first served. */
  readonly candidates: readonly string[] | null;
  readonly preferred: string | null;
  readonly preferredUntilUs: bigint;
  readonly state: TaskState;
  readonly node: string | null;
  readonly ownerGroup: string | null;
  /** Counts leases; also the lease's number. */
  readonly lease: number;
  readonly deadlineUs: bigint;
  readonly resultHash: string | null;
  /** From the commitment until the result is there. */
  readonly chunkHashes: readonly string[] | null;
}

/** Why a re-run happens: `gate` before acceptance, `backtrack` after a proven fake, `settle` before pay is released. */
export type CheckPurpose = 'gate' | 'backtrack' | 'settle';

export interface CheckRow {
  readonly id: string;
  readonly task: string;
  readonly node: string;
  readonly kind: string;
  readonly version: number;
  readonly inputHash: string;
  readonly resultHash: string;
  readonly chunks: readonly number[];
  readonly purpose: CheckPurpose;
  readonly done: boolean;
}

/** What a trusted host reports: an agreement per chunk, or that it could not compute at all. */
export type CheckOutcome =
  | { readonly ran: true; readonly agreements: readonly Agreement[] }
  /** `gone`: input or result were taken back by whoever had consented; nobody can ever run it. */
  | { readonly ran: false; readonly reason: string; readonly gone?: boolean };

/** Verified (or held) work of one node on one task. */
export interface WorkRow {
  readonly id: string;
  readonly task: string;
  readonly node: string;
  readonly kind: string;
  readonly meter: string;
  readonly workUnits: bigint;
  readonly payee: string;
  readonly ownerGroup: string;
  readonly subject: string;
  readonly evidence: string;
  readonly resultHash: string;
  readonly acceptedAtUs: bigint;
  /** Every chunk was re-run and agreed. */
  readonly verified: boolean;
  readonly state: 'held' | 'released' | 'forfeited';
}

/** A sentence that the node's owner can read. */
export interface EvidenceRow {
  readonly node: string;
  readonly task: string | null;
  readonly atUs: bigint;
  readonly code: EvidenceCode;
  readonly sentence: string;
}

export type EvidenceCode =
  | 'accepted'
  | 'refused-fake'
  | 'refused-precision'
  | 'refused-mismatch'
  | 'late'
  | 'passed-on'
  | 'forfeited'
  | 'banned'
  | 'unbanned'
  | 'released'
  | 'check-failed';
