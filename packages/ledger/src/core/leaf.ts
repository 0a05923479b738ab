import type { AccountKind, AssetCode, Leg } from './requests.ts';

/** What one leaf of the log says. Its bytes are specified in SPEC.md §1. */
export type Leaf = AccountLeaf | EntryLeaf | SettlementLeaf | RecordLeaf;

interface Timed {
  /** UTC µs, never less than the leaf before. */
  readonly acceptedAtUs: bigint;
}

export interface AccountLeaf extends Timed {
  readonly type: 'account';
  readonly code: string;
  readonly asset: AssetCode;
  readonly kind: AccountKind;
  readonly floor: bigint | null;
}

export interface EntryLeaf extends Timed {
  readonly type: 'entry';
  readonly state: 'posted' | 'pending';
  readonly key: string;
  readonly kind: string;
  /** Lower-case hex SHA-256, or `null`. */
  readonly evidence: string | null;
  /** `null` in posted entries and in holds that do not expire. */
  readonly expiresAtUs: bigint | null;
  readonly legs: readonly Leg[];
}

export interface SettlementLeaf extends Timed {
  readonly type: 'settlement';
  /** Empty for `expired`, which nobody requested. */
  readonly key: string;
  readonly pendingIndex: bigint;
  readonly outcome: Outcome;
}

export interface RecordLeaf extends Timed {
  readonly type: 'record';
  readonly key: string;
  readonly kind: string;
  readonly sha256: string;
}

export type Outcome = 'posted' | 'voided' | 'expired';

/** First byte of each leaf: the version of this format. */
export const LEAF_VERSION = 1;
/** Second byte. Posted and pending entries differ here, so that a reader sees the state before anything else. */
export const LEAF_TYPE = { account: 1, posted: 2, pending: 3, settlement: 4, record: 5 } as const;
export const ASSET_BYTE = { JAM: 1, USD: 2, EUR: 3 } as const satisfies Record<AssetCode, number>;
export const KIND_BYTE = { person: 1, pool: 2, reserve: 3, income: 4, external: 5 } as const satisfies Record<
  AccountKind,
  number
>;
export const OUTCOME_BYTE = { posted: 1, voided: 2, expired: 3 } as const satisfies Record<Outcome, number>;
/** Longest leaf: the length field of a C2SP entry bundle is a uint16. */
export const LEAF_BYTES_MAX = 65_535;
/** Bytes 2…9 hold the time. */
export const LEAF_TIME_OFFSET = 2;
