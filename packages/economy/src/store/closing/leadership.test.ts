import { ok } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import { openPostgres } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { economyTables } from '../context.ts';
import { openEconomy } from '../open-economy.ts';
import { leading } from './leadership.ts';

describeOnEveryEngine('leaders', (openFresh, engine) => {
  test.runIf(engine === 'postgres')(
    'are one at a time over two pools, and one whose connection died decides nothing more',
    async () => {
      const { database } = await openFresh();
      if (database.engine !== 'postgres') throw new Error('not the engine');
      await openEconomy(database, await openLedger(database));
      const { rows } = await database.pool.query('SELECT current_database() AS name');
      const other = openPostgres({ url: urlOf(database, String(rows[0]?.name)) });
      try {
        const [here, there] = [database, other].map((pool) => ({
          database: pool,
          tables: economyTables(pool),
        }));
        if (!here || !there) throw new Error('two pools');
        const first = await leading(here, 'close', async (fence) => {
          await here.tables.transaction().execute(fence);
          expect(await leading(there, 'close', async () => ok('led'))).toMatchObject({
            code: 'another-process-leads',
          });
          // Another duty has a leader of its own.
          expect(await leading(there, 'redemptions', async () => ok('led'))).toEqual(ok('led'));
          await database.pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()",
          );
          // The lock went with its connection, so the other leads now, and this one is stopped before it decides.
          expect(await led(() => leading(there, 'close', async () => ok('led')))).toEqual(ok('led'));
          await expect(here.tables.transaction().execute(fence)).rejects.toMatchObject({
            code: 'leader-replaced',
          });
          return ok('done');
        });
        expect(first).toEqual(ok('done'));
        expect(await leading(there, 'close', async () => ok('again'))).toEqual(ok('again'));
      } finally {
        await other.close();
      }
    },
  );

  test('let work through where one process holds the books', async () => {
    const { database } = await openFresh();
    await openEconomy(database, await openLedger(database));
    const context = { database, tables: economyTables(database) };
    expect(await leading(context, 'close', async () => ok('led'))).toEqual(ok('led'));
  });
});

/** The server takes a moment to free a dead connection's lock. */
async function led<T extends { ok: boolean }>(lead: () => Promise<T>): Promise<T> {
  let answer = await lead();
  while (!answer.ok) answer = await lead();
  return answer;
}

function urlOf(
  { pool }: { pool: { options: { connectionString?: string | undefined } } },
  name: string,
): string {
  const url = new URL(pool.options.connectionString ?? '');
  url.pathname = `/${name}`;
  return url.href;
}
