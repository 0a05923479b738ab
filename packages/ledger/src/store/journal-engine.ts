import type { MigrationStep } from '@jamnet/sql';
import type { AccountState, Books, Changes, HoldState, KnownLeaf } from '../core/books.ts';

/** What an SQL engine must do for the ledger; everything that decides is in `core`. */
export interface JournalEngine {
  readonly steps: Readonly<Record<string, MigrationStep>>;
  /** Runs `work` in one transaction that commits durably, or leaves nothing behind. */
  transaction<T>(work: (session: JournalSession) => Promise<T>): Promise<T>;
}

/** Reads and writes inside one transaction. */
export interface JournalSession {
  /** Takes the poster's lock: until the commit no other process numbers leaves or changes balances. */
  lockHead(): Promise<Head>;
  leavesByKey(keys: readonly string[]): Promise<ReadonlyMap<string, KnownLeaf>>;
  /** The opening leaves of those accounts that exist, by code. */
  openingsByCode(codes: readonly string[]): Promise<ReadonlyMap<string, KnownLeaf>>;
  holdsByIndex(indices: readonly bigint[]): Promise<readonly HoldState[]>;
  /** Open holds whose time is up, oldest leaf first. */
  expiredHolds(nowUs: bigint, limit: number): Promise<readonly HoldState[]>;
  accountsByCode(codes: readonly string[]): Promise<readonly AccountState[]>;
  write(changes: Changes, head: Head): Promise<void>;
}

export type Head = Pick<Books, 'nextIndex' | 'nextAccountId' | 'lastAcceptedAtUs'>;
