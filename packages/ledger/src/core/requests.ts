import type { Asset, Refusal } from '@jamnet/base';
import type { RefusalCode } from './refusals.ts';

/** The assets of the books; their scales are in `@jamnet/base` (JAM 6 decimals, USD and EUR 2). */
export type AssetCode = Asset;

/** Who stands behind an account. `external` accounts mirror the world outside the books and usually have no floor. */
export type AccountKind = 'person' | 'pool' | 'reserve' | 'income' | 'external';

/** Opens an account at balance zero. `owner` stays in the store: it is no part of the public leaf. */
export interface AccountRequest {
  /** 1…100 characters of `A-Z a-z 0-9 : . _ -`; the part after the last `:` is the asset. Public. */
  readonly code: string;
  /** Any string of at most 64 characters. Not published. */
  readonly owner: string;
  readonly asset: AssetCode;
  readonly kind: AccountKind;
  /** Least balance minus holds that a debit may leave, in smallest units, ≤ 0; `null`: no floor. */
  readonly floor: bigint | null;
}

/** One row of an entry: signed smallest units of the account's asset, never zero. */
export interface Leg {
  readonly account: string;
  readonly amount: bigint;
}

interface Keyed {
  /** Idempotency key, 1…128 printable ASCII characters without space. It is published: no personal data in it. */
  readonly key: string;
  /** Stands or falls together with the request after it in the same batch. */
  readonly chainedToNext?: boolean;
}

/** A balanced transaction: legs sum to zero per asset. */
export interface EntryRequest extends Keyed {
  /** What it is for: 1…40 characters of `a-z 0-9 . _ / -`, beginning with a letter. */
  readonly kind: string;
  readonly legs: readonly Leg[];
  /** SHA-256, lower-case hex, of the (salted) evidence. */
  readonly evidence?: string;
  /** `pending` reserves its debits and moves nothing until it is settled. Default `posted`. */
  readonly state?: 'posted' | 'pending';
  /** Only with `pending`: from this UTC µs on the hold is void. */
  readonly expiresAtUs?: bigint;
}

/** Ends a pending entry, found by the idempotency key it was submitted under. */
export interface SettleRequest extends Keyed {
  readonly settle: string;
  readonly as: 'posted' | 'voided';
}

/** A leaf without legs: fixes the hash of a document (policy, valuation, statement …) in the log. */
export interface RecordRequest extends Keyed {
  readonly record: { readonly kind: string; readonly sha256: string };
}

export type Request = EntryRequest | SettleRequest | RecordRequest;

/** Where an accepted request stands. `index` is its leaf's index in the transparency log. */
export interface Accepted {
  readonly ok: true;
  readonly index: bigint;
  /** UTC µs; never decreases from leaf to leaf, even when the clock steps back. */
  readonly acceptedAtUs: bigint;
  /** The same request had been accepted before: index and time are those of the first time. */
  readonly repeated: boolean;
}

export type Answer = Accepted | Refusal<RefusalCode>;

/** Requests of one call. */
export const BATCH_REQUESTS_MAX = 10_000;
/** Legs of all requests of one call together: bounds the memory of a transaction. */
export const BATCH_LEGS_MAX = 100_000;
/** Legs of one entry; with 100-byte codes its leaf stays below the 65,535 bytes of a tile entry. */
export const LEGS_MAX = 500;
export const CODE_LENGTH_MAX = 100;
export const KEY_LENGTH_MAX = 128;
export const KIND_LENGTH_MAX = 40;
export const OWNER_LENGTH_MAX = 64;
/** Amounts and balances are two's complement 64-bit; the least value is left out so that negation is safe. */
export const AMOUNT_MAX = 2n ** 63n - 1n;
