import type { CommitItem, NodeClaim } from './identity.ts';
import type { ResultCommitment } from './result-chunks.ts';
import type { CheckOutcome, CheckRow, EvidenceCode, TaskRow, WorkRow } from './rows.ts';

/** A task to be done. Its id follows from kind, version, input and subject: creating it twice is once. */
export interface NewTask {
  readonly kind: string;
  readonly version: number;
  readonly input: Uint8Array;
  /** Stated operations, from the kernel's own count; the pay is ⌈operations ⁄ 10⁹⌉ work units. */
  readonly operations: bigint;
  readonly subject: string;
  /** Only with the players' consent for strangers; kinds of class `trusted` never go to strangers. Default `trusted`. */
  readonly audience?: 'strangers' | 'trusted';
  readonly priority?: number;
  /** Hosts that compute it independently, of distinct owner groups; 1 … 5, default 1. */
  readonly replicas?: number;
  /** E.g. the performer's own. */
  readonly excludedOwnerGroups?: readonly string[];
}

export type Request =
  | {
      readonly type: 'create';
      readonly tasks: readonly NewTask[];
      /** `rendezvous`: who gets a task depends on names, not on speed. Default `any`. */
      readonly assignment?: 'any' | 'rendezvous';
      /** Nodes to choose among; default: those active now. Give it where pay must not depend on who came first. */
      readonly candidates?: readonly string[];
    }
  | {
      readonly type: 'register';
      readonly claim: NodeClaim;
      readonly nonce: string;
      readonly signature: string;
      /** Prefix of the address that the connection came from, e.g. `203.0.113.0/24`, as our own process saw it; left out: not known. */
      readonly network?: string | null;
    }
  /** What a node can run; asked before its first lease. */
  | {
      readonly type: 'offer';
      readonly node: string;
      readonly kinds: readonly { kind: string; version: number }[];
    }
  | { readonly type: 'heartbeats'; readonly nodes: readonly string[] }
  | {
      readonly type: 'lease';
      readonly node: string;
      readonly limit: number;
      readonly kinds: readonly { kind: string; version: number }[];
    }
  | {
      readonly type: 'commit';
      readonly node: string;
      readonly items: readonly CommitItem[];
      readonly signature: string;
    }
  | { readonly type: 'reveal'; readonly node: string; readonly items: readonly RevealItem[] }
  | { readonly type: 'give-back'; readonly node: string; readonly tasks: readonly string[] }
  | { readonly type: 'leave'; readonly node: string }
  /** By the operator, who says why. */
  | { readonly type: 'ban'; readonly node: string; readonly reason: string }
  | { readonly type: 'unban'; readonly node: string; readonly reason: string }
  | { readonly type: 'checked'; readonly check: string; readonly outcome: CheckOutcome }
  | { readonly type: 'tick' }
  /** Releases fully verified pay; what was not re-run whole is re-run first. Repeat until `pending` is 0. */
  | { readonly type: 'settle' }
  /**
   * Inputs whose bytes shall be erased: what is held for results of them is sampled now, since no later look can. Repeat until
   * `pending` is 0, then erase.
   */
  | { readonly type: 'look-before-erasing'; readonly inputHashes: readonly string[] };

export interface RevealItem {
  readonly task: string;
  readonly lease: number;
  readonly result: Uint8Array;
  /** Of these very bytes, from our own process where it had them hashed beside; never what a node says. */
  readonly commitment?: ResultCommitment;
}

export type RequestCode =
  | 'kind-unknown'
  | 'kind-real-time'
  | 'input-too-large'
  | 'operations-out-of-range'
  | 'replicas-out-of-range'
  | 'audience-forbidden'
  | 'batch-too-large'
  | 'claim-malformed'
  | 'newcomers-full'
  | 'signature-invalid'
  | 'node-unknown'
  | 'reason-malformed'
  | 'node-banned'
  | 'node-not-active'
  | 'lease-stale'
  | 'commitment-missing'
  | 'commitment-malformed'
  | 'reveal-differs'
  | 'result-too-large'
  | 'check-unknown'
  | 'outcome-malformed';

/** Fate of one item of a batch. */
export interface ItemAnswer {
  readonly task: string;
  readonly ok: boolean;
  readonly code?: RequestCode;
  readonly message?: string;
}

/** A task as its host sees it. */
export interface LeasedTask {
  readonly task: string;
  readonly lease: number;
  readonly kind: string;
  readonly version: number;
  readonly inputHash: string;
  readonly input: Uint8Array;
  readonly chunkCount: number;
  readonly workUnits: bigint;
  readonly deadlineUs: bigint;
}

export interface AnswerByType {
  create: { readonly tasks: readonly string[]; readonly created: number };
  register: { readonly node: string };
  offer: Record<string, never>;
  heartbeats: Record<string, never>;
  lease: { readonly leased: readonly LeasedTask[] };
  commit: { readonly items: readonly ItemAnswer[] };
  reveal: { readonly items: readonly ItemAnswer[] };
  'give-back': { readonly returned: number };
  leave: Record<string, never>;
  /** Whether the node's state is another now. */
  ban: { readonly changed: boolean };
  unban: { readonly changed: boolean };
  checked: { readonly verdict: 'valid' | 'precision' | 'fake' | 'unknown' };
  tick: { readonly expired: number; readonly gone: number };
  settle: { readonly released: number; readonly pending: number };
  'look-before-erasing': { readonly pending: number };
}

/** What a decision asks the shell to do or to tell. */
export type Effect =
  /** Some task is waiting: tell idle nodes. */
  | { readonly type: 'work-waiting'; readonly tasks: number; readonly preferred: readonly string[] }
  | { readonly type: 'check'; readonly check: CheckRow }
  | {
      readonly type: 'accepted';
      readonly task: TaskRow;
      readonly node: string;
      readonly resultHash: string;
      readonly evidence: string;
    }
  /** `proven`: the node gave a false result and loses its held pay. */
  | {
      readonly type: 'refused';
      readonly task: string;
      readonly node: string;
      readonly code: EvidenceCode;
      readonly sentence: string;
      readonly proven: boolean;
    }
  /** A result that was accepted unchecked turned out false: do not use it. */
  | { readonly type: 'retracted'; readonly task: string; readonly node: string }
  | { readonly type: 'released'; readonly work: WorkRow }
  | {
      readonly type: 'forfeited';
      readonly node: string;
      readonly workUnits: bigint;
      readonly tasks: number;
      readonly sentence: string;
    }
  | { readonly type: 'banned'; readonly node: string; readonly sentence: string }
  | { readonly type: 'expired'; readonly task: string; readonly node: string }
  | { readonly type: 'failed'; readonly task: string; readonly sentence: string };
