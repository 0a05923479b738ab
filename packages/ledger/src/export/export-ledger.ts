import { assert, present } from '@jamnet/base';
import type { EntryLeaf } from '../core/leaf.ts';
import { Replay } from '../core/replay.ts';
import type { JournalEntry, Ledger } from '../store/ledger.ts';
import { beancountFormat } from './beancount-format.ts';
import { hledgerFormat } from './hledger-format.ts';
import { dayOf, type JournalFormat, type Movement, type Posting } from './journal-format.ts';
import { csvFormat, jsonlFormat } from './row-formats.ts';

/** Leaves read at once: decoded they are a few MB, which die young. */
const PAGE_LEAVES = 1_000;

export const EXPORT_FORMATS = ['hledger', 'beancount', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  /** First leaf, default 0. What came before stands as opening balances. */
  readonly from?: bigint;
  /** Leaf after the last, default all. */
  readonly to?: bigint;
  /** Lines for the header, e.g. origin, size and root of the checkpoint that covers the leaves. */
  readonly comment?: readonly string[];
}

const FORMATS: Readonly<Record<ExportFormat, JournalFormat>> = {
  hledger: hledgerFormat,
  beancount: beancountFormat,
  csv: csvFormat,
  jsonl: jsonlFormat,
};

/** The journal as text, in pieces; memory grows with accounts and open holds, not with entries. */
export async function* exportLedger(ledger: Ledger, options: ExportOptions): AsyncGenerator<string> {
  const format = FORMATS[options.format];
  const size = await ledger.size();
  const to = options.to !== undefined && options.to < size ? options.to : size;
  const from = options.from !== undefined && options.from < to ? options.from : 0n;
  const books = new Replay();
  const holds = new Map<bigint, EntryLeaf>();
  let day = '';
  yield format.header({ from, to, comment: options.comment ?? [] });
  for await (const page of pages(ledger, to)) {
    let text = '';
    for (const entry of page) {
      if (entry.index === from && from > 0n)
        text += opening(format, books, day || dayOf(entry.leaf.acceptedAtUs));
      const applied = books.apply(entry.bytes);
      assert(applied.ok, 'the journal replays');
      day = dayOf(entry.leaf.acceptedAtUs);
      if (entry.leaf.type === 'account' && entry.index >= from) text += format.account(entry.leaf);
      const effective = effectiveEntry(entry, holds);
      if (effective && entry.index >= from) text += format.movement(movementOf(entry, effective, books));
    }
    yield text;
  }
  yield format.closing(day, balancesOf(books));
}

async function* pages(ledger: Ledger, to: bigint): AsyncGenerator<readonly JournalEntry[]> {
  for (let at = 0n; at < to; ) {
    const limit = to - at < BigInt(PAGE_LEAVES) ? Number(to - at) : PAGE_LEAVES;
    const page = await ledger.entries(at, limit);
    assert(page.length > 0, 'the journal has all leaves below its size');
    yield page;
    at += BigInt(page.length);
  }
}

/** The entry that moves balances at this leaf: itself when posted, the hold it settles as posted, or none. */
function effectiveEntry({ index, leaf }: JournalEntry, holds: Map<bigint, EntryLeaf>): EntryLeaf | null {
  if (leaf.type === 'entry') {
    if (leaf.state === 'pending') holds.set(index, leaf);
    return leaf.state === 'posted' ? leaf : null;
  }
  if (leaf.type !== 'settlement') return null;
  const hold = present(holds.get(leaf.pendingIndex), 'hold that is settled');
  holds.delete(leaf.pendingIndex);
  return leaf.outcome === 'posted' ? hold : null;
}

function movementOf({ index, leaf }: JournalEntry, entry: EntryLeaf, books: Replay): Movement {
  const postings = entry.legs.map(({ account, amount }) => {
    const { asset } = present(books.account(account), 'account of a leg');
    return { account, asset, amount };
  });
  return { index, acceptedAtUs: leaf.acceptedAtUs, entry, postings };
}

/** Accounts and balances before the first exported leaf. */
function opening(format: JournalFormat, books: Replay, day: string): string {
  let text = '';
  for (const account of books.accounts()) text += format.account(account);
  return (
    text +
    format.opening(
      day,
      balancesOf(books).filter(({ amount }) => amount !== 0n),
    )
  );
}

function balancesOf(books: Replay): Posting[] {
  return Array.from(books.accounts(), ({ code, asset, balance }) => ({
    account: code,
    asset,
    amount: balance,
  }));
}
