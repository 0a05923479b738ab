import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { type Database, tablesOf } from './database.ts';
import { ReadyQuery } from './ready-query.ts';
import { describeOnEveryEngine } from './testing/every-engine.ts';

interface Tables {
  item: { id: string; amount: bigint; remark: string | null };
}

describeOnEveryEngine('a query whose text is made once', (openFresh) => {
  async function open() {
    const { database } = await openFresh();
    await sql`CREATE TABLE item (id TEXT PRIMARY KEY, amount BIGINT NOT NULL, remark TEXT)`.execute(
      database.kysely,
    );
    await sql`INSERT INTO item VALUES ('a', 1, NULL), ('b', 9007199254740993, 'x'), ('c', 3, 'x')`.execute(
      database.kysely,
    );
    return database;
  }
  function amountsOver(database: Database) {
    let built = 0;
    const query = new ReadyQuery<{ over: bigint; remark: string; limit: number }, { amount: bigint }>(
      database,
      (given) => {
        built++;
        return tablesOf<Tables>(database)
          .selectFrom('item')
          .select('amount')
          .where('amount', '>', given.over)
          .where('remark', '=', given.remark)
          .where('id', '<>', 'never')
          .orderBy('id')
          .limit(given.limit);
      },
    );
    return { query, built: () => built };
  }

  test('answers each use with the values of that use, integers as bigint', async () => {
    const database = await open();
    const { query, built } = amountsOver(database);
    const ask = (over: bigint, limit: number) => query.all(database.kysely, { over, remark: 'x', limit });
    expect(await ask(0n, 5)).toEqual([{ amount: 9_007_199_254_740_993n }, { amount: 3n }]);
    expect(await ask(3n, 5)).toEqual([{ amount: 9_007_199_254_740_993n }]);
    expect(await ask(0n, 1)).toHaveLength(1);
    expect(built()).toBe(1);
  });

  test('sees what its own transaction wrote, and not what was undone', async () => {
    const database = await open();
    const { query } = amountsOver(database);
    const all = (connection: Kysely<unknown>) => query.all(connection, { over: 0n, remark: 'x', limit: 9 });
    const undone = database.kysely.transaction().execute(async (transaction) => {
      await sql`INSERT INTO item VALUES ('d', 4, 'x')`.execute(transaction);
      expect(await all(transaction)).toHaveLength(3);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await all(database.kysely)).toHaveLength(2);
  });

  test('refuses by rejecting, as any query does', async () => {
    const database = await open();
    const query = new ReadyQuery<{ id: string }, { id: string }>(database, (given) =>
      tablesOf<{ absent: { id: string } }>(database)
        .selectFrom('absent')
        .select('id')
        .where('id', '=', given.id),
    );
    await expect(query.all(database.kysely, { id: 'a' })).rejects.toThrow();
  });
});
