import { type Database, tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { type CompiledQuery, sql } from 'kysely';
import { expect, test } from 'vitest';
import { explorerQueries } from './explorer-queries.ts';
import { openLedger } from './ledger.ts';
import type { LedgerTables } from './tables.ts';

const NOW = 1_790_000_000_000_000n;
const PAYEES = ['payee:a:JAM', 'payee:b:JAM', 'payee:c:JAM'];

describeOnEveryEngine('looking through the books', (openFresh, engine) => {
  async function filled() {
    const { database } = await openFresh();
    const ledger = await openLedger(database);
    const outside = { owner: 'x', asset: 'JAM', kind: 'external', floor: null } as const;
    await ledger.openAccounts(
      NOW,
      ['studio:JAM', ...PAYEES].map((code) => ({ code, ...outside })),
    );
    await ledger.post(
      NOW,
      [1n, 2n, 3n, 4n, 5n].map((amount) => ({
        key: `issue:${amount}`,
        kind: 'epoch.issue',
        legs: [
          { account: 'studio:JAM', amount: -amount },
          { account: 'payee:a:JAM', amount: amount - 1n === 0n ? amount : amount - 1n },
          ...(amount - 1n === 0n ? [] : [{ account: 'payee:b:JAM', amount: 1n }]),
        ],
      })),
    );
    return { database, ledger };
  }

  test('an account’s moves come newest first, page by page, each with the balance after it', async () => {
    const { ledger } = await filled();
    const first = await ledger.moves('payee:a:JAM', null, 2);
    expect(first).toEqual([
      { entryIndex: 8n, legNumber: 1n, amount: 4n, balance: 11n },
      { entryIndex: 7n, legNumber: 1n, amount: 3n, balance: 7n },
    ]);
    const second = await ledger.moves('payee:a:JAM', first?.[1] ?? null, 10);
    expect(second?.map(({ entryIndex, balance }) => [entryIndex, balance])).toEqual([
      [6n, 4n],
      [5n, 2n],
      [4n, 1n],
    ]);
    expect(await ledger.moves('payee:a:JAM', second?.at(-1) ?? null, 10)).toEqual([]);
    expect(await ledger.moves('payee:c:JAM', null, 10)).toEqual([]);
  });

  test('an account that is not open has no moves, not even none', async () => {
    const { ledger } = await filled();
    expect(await ledger.moves('payee:z:JAM', null, 10)).toBeNull();
  });

  test('accounts are listed by the beginning of their code, as many as asked for', async () => {
    const { ledger } = await filled();
    const codes = async (prefix: string, after?: string, limit?: number) =>
      (await ledger.balances(prefix, after, limit)).map(({ code }) => code);
    expect(await codes('payee:', '', 2)).toEqual(PAYEES.slice(0, 2));
    expect(await codes('payee:', PAYEES[1], 2)).toEqual(PAYEES.slice(2));
    expect(await codes('', '', 1)).toEqual(['payee:a:JAM']);
  });

  test('no query reads more of the books than it shows', async () => {
    const { database } = await filled();
    const tables = tablesOf<LedgerTables>(database);
    const queries = {
      account: explorerQueries.account(tables, 'payee:a:JAM'),
      accounts: explorerQueries.accounts(tables, 'payee:', 'payee:a:JAM', 50),
      entries: explorerQueries.entries(tables, 3n, 50),
      entryByKey: explorerQueries.entryByKey(tables, 'issue:3'),
      moves: explorerQueries.moves(tables, 1n, { entryIndex: 7n, legNumber: 0n }, 50),
      balanceAt: explorerQueries.balanceAt(tables, 1n, 7n),
    } satisfies Record<keyof typeof explorerQueries, { compile(): CompiledQuery }>;
    for (const [name, query] of Object.entries(queries)) {
      const plan = await planOf(database, query.compile());
      expect(plan, `${name}: ${plan}`).toMatch(engine === 'sqlite' ? /^SEARCH / : /Index/);
      expect(plan, `${name}: ${plan}`).not.toMatch(/\bSCAN\b|TEMP B-TREE|Seq Scan|Sort\b/);
    }
  });
});

/** How the engine would answer; PostgreSQL is told not to do what it does only because the tables are small. */
async function planOf(database: Database, query: CompiledQuery): Promise<string> {
  return database.kysely.connection().execute(async (connection) => {
    if (database.engine === 'postgres') {
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
