import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { tablesOf } from './database.ts';
import { migrate } from './migrate.ts';
import { describeOnEveryEngine } from './testing/every-engine.ts';

interface Tables {
  amount: { id: string; value: bigint };
}

const steps = {
  '001-amount': async (kysely: Parameters<Parameters<typeof migrate>[2][string] & object>[0]) => {
    await sql`CREATE TABLE amount (id TEXT PRIMARY KEY, value BIGINT NOT NULL)`.execute(kysely);
  },
};

describeOnEveryEngine('the database', (openFresh) => {
  test('returns integers beyond 2^53 as the same bigint', async () => {
    const { database } = await openFresh();
    await migrate(database, 'example', steps);
    const value = 9_007_199_254_740_993n;
    await tablesOf<Tables>(database).insertInto('amount').values({ id: 'a', value }).execute();
    const row = await tablesOf<Tables>(database).selectFrom('amount').selectAll().executeTakeFirstOrThrow();
    expect(row).toEqual({ id: 'a', value });
  });

  test('keeps committed rows and skips finished migrations when opened again', async () => {
    const fresh = await openFresh();
    await migrate(fresh.database, 'example', steps);
    await tablesOf<Tables>(fresh.database).insertInto('amount').values({ id: 'a', value: 1n }).execute();
    const again = await fresh.reopen();
    await migrate(again, 'example', steps);
    expect(await tablesOf<Tables>(again).selectFrom('amount').select('id').execute()).toEqual([{ id: 'a' }]);
  });

  test('rolls a failed transaction back whole', async () => {
    const { database } = await openFresh();
    await migrate(database, 'example', steps);
    const attempt = tablesOf<Tables>(database)
      .transaction()
      .execute(async (transaction) => {
        await transaction.insertInto('amount').values({ id: 'a', value: 1n }).execute();
        throw new Error('planted');
      });
    await expect(attempt).rejects.toThrow('planted');
    expect(await tablesOf<Tables>(database).selectFrom('amount').select('id').execute()).toEqual([]);
  });

  test('reports a migration that fails as migration-failed', async () => {
    const { database } = await openFresh();
    const broken = { '001-broken': async () => Promise.reject(new Error('planted')) };
    await expect(migrate(database, 'example', broken)).rejects.toMatchObject({ code: 'migration-failed' });
  });
});
