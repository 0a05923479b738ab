import { assert } from '@jamnet/base';
import type { AccountState, Books, HoldState } from '../core/books.ts';
import { accountKey } from '../core/decide.ts';
import { decodeLeaf } from '../core/decode-leaf.ts';
import type { AccountRequest, Request } from '../core/requests.ts';
import { isCode, isKey } from '../core/texts.ts';
import type { JournalSession } from './journal-engine.ts';

/** Holds that one transaction expires at most; the rest wait for the next, and cannot be settled meanwhile. */
const EXPIRIES_MAX = 1_000;

/** Reads under the poster's lock all that deciding these requests may look at. */
export async function loadBooks(
  session: JournalSession,
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
  const accounts = await loadAccounts(session, requests, holds.values());
  return { ...head, accounts, known, holds };
}

function keysOf(requests: readonly Request[]): { all: Set<string>; settled: Set<string> } {
  const all = new Set<string>();
  const settled = new Set<string>();
  for (const request of requests) {
    if (isKey(request?.key)) all.add(request.key);
    if (request && 'settle' in request && isKey(request.settle)) settled.add(request.settle);
  }
  for (const key of settled) all.add(key);
  return { all, settled };
}

async function loadAccounts(
  session: JournalSession,
  requests: readonly Request[],
  holds: Iterable<HoldState>,
): Promise<Map<string, AccountState>> {
  const codes = new Set<string>();
  for (const request of requests) {
    if (!request || !('legs' in request) || !Array.isArray(request.legs)) continue;
    for (const leg of request.legs) if (isCode(leg?.account)) codes.add(leg.account);
  }
  for (const hold of holds) {
    const leaf = decodeLeaf(hold.leaf);
    assert(leaf.ok && leaf.value.type === 'entry', 'a hold is an entry');
    for (const leg of leaf.value.legs) codes.add(leg.account);
  }
  const states = await session.accountsByCode([...codes]);
  return new Map(states.map((state) => [state.code, state]));
}
