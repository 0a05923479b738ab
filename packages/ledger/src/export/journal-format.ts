import { formatAmount } from '@jamnet/base';
import type { EntryLeaf } from '../core/leaf.ts';
import type { AssetCode } from '../core/requests.ts';

/** What a posting needs: an account, its asset, a signed amount in smallest units. */
export interface Posting {
  readonly account: string;
  readonly asset: AssetCode;
  readonly amount: bigint;
}

/** A balanced entry as it became effective: a posted entry, or a hold that was settled as posted. */
export interface Movement {
  readonly index: bigint;
  readonly acceptedAtUs: bigint;
  readonly entry: EntryLeaf;
  readonly postings: readonly Posting[];
}

export interface OpenAccount {
  readonly code: string;
  readonly asset: AssetCode;
}

export interface Header {
  readonly from: bigint;
  readonly to: bigint;
  /** Where the leaves can be checked, e.g. the newest checkpoint's lines. */
  readonly comment: readonly string[];
}

/** Writes the parts of a journal as text; each part ends in a newline. */
export interface JournalFormat {
  header(header: Header): string;
  account(account: OpenAccount): string;
  opening(date: string, balances: readonly Posting[]): string;
  movement(movement: Movement): string;
  closing(date: string, balances: readonly Posting[]): string;
}

/** UTC day of a time in µs, `2026-08-25`. */
export function dayOf(timeUs: bigint): string {
  return new Date(Number(timeUs / 1_000n)).toISOString().slice(0, 10);
}

export function amountText({ amount, asset }: Pick<Posting, 'amount' | 'asset'>): string {
  return `${formatAmount(amount, asset)} ${asset}`;
}
