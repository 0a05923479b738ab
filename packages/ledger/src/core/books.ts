import type { AssetCode } from './requests.ts';

/** An account as the decider works on it. `held` is the sum of the debits that open holds reserve, ≥ 0. */
export interface AccountState {
  readonly id: number;
  readonly code: string;
  readonly asset: AssetCode;
  readonly floor: bigint | null;
  balance: bigint;
  held: bigint;
}

/** An entry that is already in the journal under some request's key. */
export interface KnownLeaf {
  readonly index: bigint;
  readonly leaf: Uint8Array;
}

/** A pending entry; `settled` once an outcome is in the journal. */
export interface HoldState {
  readonly index: bigint;
  readonly leaf: Uint8Array;
  settled: boolean;
}

/** All that deciding one batch may look at, read under the poster's lock. The decider changes it in place. */
export interface Books {
  /** Index of the next leaf. */
  nextIndex: bigint;
  /** Id of the next account. */
  nextAccountId: number;
  /** Time of the last leaf, UTC µs. */
  lastAcceptedAtUs: bigint;
  readonly accounts: Map<string, AccountState>;
  /** By idempotency key: those the batch uses or wants to settle. */
  readonly known: Map<string, KnownLeaf>;
  /** By index: holds that the batch may settle, and holds that may have expired. */
  readonly holds: Map<bigint, HoldState>;
}

/** A leaf to write: `key` is `null` where nobody requested it (accounts, expiries). */
export interface NewLeaf {
  readonly index: bigint;
  readonly key: string | null;
  readonly bytes: Uint8Array;
}

/** A leg that changed a balance; `balance` is the account's after it. */
export interface NewLeg {
  readonly accountId: number;
  readonly entryIndex: bigint;
  readonly legNumber: number;
  readonly amount: bigint;
  readonly balance: bigint;
}

export interface NewAccount {
  readonly state: AccountState;
  readonly owner: string;
  readonly kind: string;
  readonly openedAtIndex: bigint;
}

/** What one transaction has to write, in the order decided. */
export interface Changes {
  readonly leaves: NewLeaf[];
  readonly legs: NewLeg[];
  readonly opened: NewAccount[];
  readonly touched: Set<AccountState>;
  readonly newHolds: { readonly index: bigint; readonly expiresAtUs: bigint | null }[];
  readonly settledHolds: { readonly index: bigint; readonly settledBy: bigint }[];
}

export function noChanges(): Changes {
  return { leaves: [], legs: [], opened: [], touched: new Set(), newHolds: [], settledHolds: [] };
}
