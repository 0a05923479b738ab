import { assert } from '@jamnet/base';
import type { AccountState, Books, HoldState } from '../core/books.ts';
import { legsOf } from '../core/check-request.ts';
import { accountKey } from '../core/decide.ts';
import { decodeLeaf } from '../core/decode-leaf.ts';
import type { AccountRequest, Request } from '../core/requests.ts';
import { isCode, isKey } from '../core/texts.ts';
import type { JournalSession } from './journal-engine.ts';

/** Holds that one transaction expires at most; the rest wait for the next, and cannot be settled meanwhile. */
const EXPIRIES_MAX = 1_000;

/** Accounts as this process left them when the journal had `size` leaves. Every change of an account writes a leaf. */
export interface AccountCache {
  readonly size: bigint;
  readonly accounts: Map<string, AccountState>;
}

/** Accounts kept between transactions, about 200 bytes each. */
export const ACCOUNTS_CACHED_MAX = 100_000;

/**
 * Reads under the poster's lock all that deciding these requests may look at. The cache counts only when nobody else
 * has written since.
 */
export async function loadBooks(
  session: JournalSession,
  cache: AccountCache | null,
  nowUs: bigint,
  requests: readonly Request[],
  openings: readonly AccountRequest[],
): Promise<Books> {
  const head = await session.lockHead();
  const keys = keysOf(requests);
  const known = new Map(await session.leavesByKey([...keys.all]));
  const codesToOpen = openings.map((request) => request?.code).filter(isCode);
  for (const [code, leaf] of await session.openingsByCode([...new Set(codesToOpen)]))
    known.set(accountKey(code), leaf);
  const settled = [...keys.settled].flatMap((key) => known.get(key)?.index ?? []);
  const wanted = await session.holdsByIndex(settled);
  const expired = await session.expiredHolds(nowUs, EXPIRIES_MAX);
  const holds = new Map([...wanted, ...expired].map((hold) => [hold.index, hold]));
  const usable = cache?.size === head.nextIndex && cache.accounts.size < ACCOUNTS_CACHED_MAX;
  const accounts = usable ? cache.accounts : new Map<string, AccountState>();
  await loadAccounts(session, accounts, requests, holds.values());
  return { ...head, accounts, known, holds };
}

function keysOf(requests: readonly Request[]): { all: Set<string>; settled: Set<string> } {
  const all = new Set<string>();
  const settled = new Set<string>();
  for (const request of requests) {
    if (isKey(request?.key)) all.add(request.key);
    if (typeof request === 'object' && request && 'settle' in request && isKey(request.settle))
      settled.add(request.settle);
  }
  for (const key of settled) all.add(key);
  return { all, settled };
}

async function loadAccounts(
  session: JournalSession,
  accounts: Map<string, AccountState>,
  requests: readonly Request[],
  holds: Iterable<HoldState>,
): Promise<void> {
  const codes = new Set<string>();
  for (const request of requests) {
    for (const leg of legsOf(request))
      if (!accounts.has(leg?.account) && isCode(leg?.account)) codes.add(leg.account);
  }
  for (const hold of holds) {
    const leaf = decodeLeaf(hold.leaf);
    assert(leaf.ok && leaf.value.type === 'entry', 'a hold is an entry');
    for (const leg of leaf.value.legs) if (!accounts.has(leg.account)) codes.add(leg.account);
  }
  for (const state of await session.accountsByCode([...codes])) accounts.set(state.code, state);
}
