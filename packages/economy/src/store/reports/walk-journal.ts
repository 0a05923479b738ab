import type { JournalEntry, Ledger } from '@jamnet/ledger';

/** Leaves read at once. */
const PAGE = 5_000;

/** Every leaf of the journal from `from` on, in order; answers where to go on later. */
export async function walkJournal(
  ledger: Ledger,
  from: bigint,
  visit: (entry: JournalEntry) => void,
): Promise<bigint> {
  let next = from;
  for (;;) {
    const entries = await ledger.entries(next, PAGE);
    for (const entry of entries) visit(entry);
    next += BigInt(entries.length);
    if (entries.length < PAGE) return next;
  }
}
