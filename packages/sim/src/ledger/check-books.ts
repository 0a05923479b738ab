import { type Ledger, replay } from '@jamnet/ledger';
import type { NaiveLedger } from '@jamnet/ledger/testing';
import { LedgerBroken } from './ledger-broken.ts';

/** Sums, floors, keys, the model and the replayed leaves must all say the same. */
export async function checkBooks(ledger: Ledger, naive: NaiveLedger): Promise<void> {
  const accounts = await ledger.balances('');
  const sums = new Map<string, bigint>();
  for (const { code, asset, balance, held, floor } of accounts) {
    sums.set(asset, (sums.get(asset) ?? 0n) + balance);
    if (floor !== null && balance - held < floor) throw new LedgerBroken(`${code} is below its floor`);
  }
  for (const [asset, sum] of sums)
    if (sum !== 0n) throw new LedgerBroken(`balances in ${asset} sum to ${sum}`);
  const stored = accounts.map(({ code, balance, held }) => `${code} ${balance} ${held}`).join();
  const modelled = naive
    .balances()
    .map((row) => row.join(' '))
    .join();
  if (stored !== modelled)
    throw new LedgerBroken(`balances differ from the model: ${stored} instead of ${modelled}`);
  await checkLeaves(ledger, stored);
}

async function checkLeaves(ledger: Ledger, stored: string): Promise<void> {
  const entries = await ledger.entries(0n, 10_000);
  const keys = entries.flatMap(({ leaf }) => ('key' in leaf && leaf.key !== '' ? [leaf.key] : []));
  if (new Set(keys).size !== keys.length) throw new LedgerBroken('a key was committed twice');
  const replayed = replay(entries.map(({ bytes }) => bytes));
  if (!replayed.ok) throw new LedgerBroken(`the leaves do not replay: ${replayed.code}`);
  const rows = Array.from(
    replayed.value.accounts(),
    ({ code, balance, held }) => `${code} ${balance} ${held}`,
  ).sort();
  if (rows.join() !== stored) throw new LedgerBroken('the replayed balances differ from the stored ones');
}
