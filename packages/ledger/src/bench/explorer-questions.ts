import type { Chance } from '@jamnet/base';
import { type Database, tablesOf } from '@jamnet/sql';
import { type CompiledQuery, sql } from 'kysely';
import { explorerQueries } from '../store/explorer-queries.ts';
import type { LedgerTables } from '../store/tables.ts';

/** Rows of a page, as the studio's API gives at most. */
const PAGE_ROWS = 200;

/** A question that people ask of the books, compiled for one engine. */
export interface ExplorerQuestion {
  readonly name: keyof typeof explorerQueries;
  readonly query: CompiledQuery;
}

/** What there is to ask about. */
export interface ExplorerGround {
  readonly accounts: readonly { readonly id: bigint; readonly code: string }[];
  readonly keys: readonly string[];
  readonly size: bigint;
}

/** One question of each sort, about things drawn by chance. */
export function drawQuestions(
  database: Database,
  { accounts, keys, size }: ExplorerGround,
  chance: Chance,
): readonly ExplorerQuestion[] {
  const tables = tablesOf<LedgerTables>(database);
  const account = accounts[chance.below(accounts.length)] ?? { id: 0n, code: '' };
  const key = keys[chance.below(keys.length)] ?? '';
  const leaf = BigInt(chance.below(Number(size)));
  const before = { entryIndex: leaf, legNumber: 0n };
  const asked = {
    account: explorerQueries.account(tables, account.code),
    accounts: explorerQueries.accounts(tables, '', account.code, PAGE_ROWS),
    entries: explorerQueries.entries(tables, leaf, PAGE_ROWS),
    entryByKey: explorerQueries.entryByKey(tables, key),
    moves: explorerQueries.moves(tables, account.id, before, PAGE_ROWS),
    balanceAt: explorerQueries.balanceAt(tables, account.id, leaf),
  } satisfies Record<keyof typeof explorerQueries, { compile(): CompiledQuery }>;
  return Object.entries(asked).map(([name, query]) => ({
    // The keys of `asked` are those of the queries, as checked above.
    name: name as keyof typeof explorerQueries,
    query: query.compile(),
  }));
}

/**
 * How the engine would answer, a step a line. `isSmall`: PostgreSQL is told not to do what it does only because the tables
 * are small.
 */
export async function planOf(database: Database, query: CompiledQuery, isSmall = false): Promise<string> {
  return database.kysely.connection().execute(async (connection) => {
    if (isSmall && database.engine === 'postgres') {
      await sql`SET enable_seqscan = off`.execute(connection);
      await sql`SET enable_bitmapscan = off`.execute(connection);
    }
    const explain = database.engine === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const { rows } = await connection.executeQuery<Record<string, unknown>>({
      ...query,
      sql: `${explain} ${query.sql}`,
    });
    return rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n');
  });
}
