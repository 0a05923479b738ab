import { type Database, tablesOf } from '@jamnet/sql';
import type { Kysely, Transaction } from 'kysely';
import type { Books } from './books.ts';
import type { EconomyTables } from './tables.ts';

/** What every part of the store works with. */
export interface StoreContext {
  readonly database: Database;
  readonly tables: Kysely<EconomyTables>;
  readonly books: Books;
  /** 32 fresh random bytes. */
  readonly drawKey: () => Uint8Array;
}

/** The tables, inside a transaction or not. */
export type Tables = Kysely<EconomyTables> | Transaction<EconomyTables>;

export function economyTables(database: Database): Kysely<EconomyTables> {
  return tablesOf<EconomyTables>(database);
}

/** Records in one call of an adding method. */
export const RECORDS_PER_CALL_MAX = 10_000;
/** Rows in one statement: SQLite allows 32,766 parameters, PostgreSQL 65,535. */
const ROWS_PER_STATEMENT_MAX = 1_000;

export function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT_MAX) {
    yield items.slice(start, start + ROWS_PER_STATEMENT_MAX);
  }
}
