import type { Kysely } from 'kysely';
import type { LedgerTables } from './tables.ts';

/** Where a leg stands in the journal. */
export interface MovePlace {
  readonly entryIndex: bigint;
  /** Its place among the entry's legs, from 0. */
  readonly legNumber: bigint;
}

/**
 * The queries by which people look through the books. Each walks one index and reads no more rows than it gives back,
 * however long the journal: a test asks the engine for its plan.
 */
export const explorerQueries = {
  account: (tables: Kysely<LedgerTables>, code: string) =>
    tables.selectFrom('ledger_account').selectAll().where('code', '=', code),

  /** Codes are ASCII in byte order on both engines, so a prefix is a range that ends before the next byte above it. */
  accounts: (tables: Kysely<LedgerTables>, prefix: string, after: string, limit: number) =>
    tables
      .selectFrom('ledger_account')
      .selectAll()
      .where('code', '>=', prefix)
      .where('code', '<', `${prefix}\u007f`)
      .where('code', '>', after)
      .orderBy('code')
      .limit(limit),

  entries: (tables: Kysely<LedgerTables>, from: bigint, limit: number) =>
    tables
      .selectFrom('ledger_leaf')
      .select(['leaf_index', 'bytes'])
      .where('leaf_index', '>=', from)
      .orderBy('leaf_index')
      .limit(limit),

  entryByKey: (tables: Kysely<LedgerTables>, key: string) =>
    tables.selectFrom('ledger_leaf').selectAll().where('key', '=', key),

  /** What moved an account before a place in the journal, the newest first. */
  moves: (tables: Kysely<LedgerTables>, accountId: bigint, before: MovePlace, limit: number) =>
    tables
      .selectFrom('ledger_leg')
      .select(['leaf_index', 'leg_number', 'amount', 'balance'])
      .where('account_id', '=', accountId)
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('leaf_index', 'leg_number'), '<', tuple(before.entryIndex, before.legNumber)),
      )
      .orderBy('leaf_index', 'desc')
      .orderBy('leg_number', 'desc')
      .limit(limit),

  balanceAt: (tables: Kysely<LedgerTables>, accountId: bigint, leafIndex: bigint) =>
    tables
      .selectFrom('ledger_leg')
      .select('balance')
      .where('account_id', '=', accountId)
      .where('leaf_index', '<=', leafIndex)
      .orderBy('leaf_index', 'desc')
      .orderBy('leg_number', 'desc')
      .limit(1),
};
