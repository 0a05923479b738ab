import { ok, type Result, refuse } from '@jamnet/base';

export type JournalCode = 'paid-journal-malformed' | 'paid-journal-full';

/** Epochs whose uses are kept: an attribution never pays an older one. */
export const PAID_EPOCHS_MAX = 8;
/** Statements kept, of all epochs and bounties together. */
export const PAID_KEYS_MAX = 2_000_000;

/**
 * What was paid, by statement identity and not by commit: after a force-push or a rebase the commits are others, the
 * statements are not.
 */
export interface PaidJournal {
  /** Keys of statements whose use an epoch paid, by epoch, oldest first. */
  readonly uses: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of statements that a maintenance bounty paid, and in which epoch. */
  readonly bounties: ReadonlyMap<string, string>;
}

export const EMPTY_JOURNAL: PaidJournal = { uses: new Map(), bounties: new Map() };

/** Statements whose use this epoch paid already. */
export function paidUses(journal: PaidJournal, epochId: string): ReadonlySet<string> {
  return journal.uses.get(epochId) ?? new Set();
}

/** Enters what an epoch paid; the oldest epoch goes when there are too many. */
export function enterUses(
  journal: PaidJournal,
  epochId: string,
  keys: Iterable<string>,
): Result<PaidJournal, JournalCode> {
  const uses = new Map(journal.uses).set(epochId, new Set([...paidUses(journal, epochId), ...keys]));
  for (const oldest of uses.keys()) {
    if (uses.size <= PAID_EPOCHS_MAX) break;
    uses.delete(oldest);
  }
  return within({ ...journal, uses });
}

/** The statements of these that no bounty has paid; none left means that the work was paid under another commit. */
export function unpaidOfBounty(journal: PaidJournal, keys: Iterable<string>): string[] {
  return [...keys].filter((key) => !journal.bounties.has(key));
}

export function enterBounty(
  journal: PaidJournal,
  epochId: string,
  keys: Iterable<string>,
): Result<PaidJournal, JournalCode> {
  const bounties = new Map(journal.bounties);
  for (const key of keys) if (!bounties.has(key)) bounties.set(key, epochId);
  return within({ ...journal, bounties });
}

function within(journal: PaidJournal): Result<PaidJournal, JournalCode> {
  let count = journal.bounties.size;
  for (const keys of journal.uses.values()) count += keys.size;
  if (count <= PAID_KEYS_MAX) return ok(journal);
  return refuse(
    'paid-journal-full',
    `The journal of paid statements would hold more than ${PAID_KEYS_MAX}: nothing was entered.`,
  );
}

const SCHEMA = 'jamnet/paid-statements/v1';

export function writePaidJournal(journal: PaidJournal): string {
  const uses = [...journal.uses].map(([epoch, keys]) => [epoch, [...keys].sort()]);
  const bounties = [...journal.bounties].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ schema: SCHEMA, uses, bounties })}\n`;
}

/** Reads what {@link writePaidJournal} wrote. A journal that cannot be read is refused whole: paying on without one could pay twice. */
export function readPaidJournal(text: string): Result<PaidJournal, JournalCode> {
  const no = refuse(
    'paid-journal-malformed',
    `The journal of paid statements is no ${SCHEMA} document: restore it from a backup.`,
  );
  const value = parse(text);
  if (typeof value !== 'object' || value === null || !('schema' in value) || value.schema !== SCHEMA)
    return no;
  if (!('uses' in value) || !('bounties' in value)) return no;
  const { uses, bounties } = value;
  if (!isRows(uses, (keys) => Array.isArray(keys) && keys.every(isKey))) return no;
  if (!isRows(bounties, (epoch) => typeof epoch === 'string') || !bounties.every(([key]) => isKey(key)))
    return no;
  return within({
    // The checks above say what the rows hold.
    uses: new Map(uses.map(([epoch, keys]) => [epoch, new Set(keys as string[])])),
    bounties: new Map(bounties as [string, string][]),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No JSON: refused by the caller.
    return null;
  }
}

function isRows(value: unknown, isSecond: (second: unknown) => boolean): value is [string, unknown][] {
  return (
    Array.isArray(value) &&
    value.every(
      (row) => Array.isArray(row) && row.length === 2 && typeof row[0] === 'string' && isSecond(row[1]),
    )
  );
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}
