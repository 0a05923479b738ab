import { ok } from '@jamnet/base';
import { expect, test } from 'vitest';
import { type Duty, leaderStep, leading } from './leadership.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { describeOnEveryEngine } from './testing/every-engine.ts';

const CLOSE: Duty = { store: 'test', name: 'close', busy: 'Another process closes: ask again.' };
const OTHER: Duty = { ...CLOSE, name: 'other' };
const STEPS = { '001-leader': leaderStep('test') };

describeOnEveryEngine('leaders', (openFresh, engine) => {
  test.runIf(engine === 'postgres')(
    'are one at a time over two pools, and one whose connection died decides nothing more',
    async () => {
      const { database: here } = await openFresh();
      if (here.engine !== 'postgres') throw new Error('not the engine');
      await migrate(here, 'test', STEPS);
      const { rows } = await here.pool.query('SELECT current_database() AS name');
      const there = openPostgres({ url: urlOf(here, String(rows[0]?.name)) });
      try {
        const first = await leading(here, CLOSE, async (fence) => {
          await here.kysely.transaction().execute(fence);
          expect(await leading(there, CLOSE, async () => ok('led'))).toMatchObject({
            code: 'another-process-leads',
          });
          // Another duty has a leader of its own.
          expect(await leading(there, OTHER, async () => ok('led'))).toEqual(ok('led'));
          const waiting = leading(there, CLOSE, async () => ok('waited'), { waitMs: 60_000 });
          await here.pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()",
          );
          // The lock went with its connection, so the other leads now, and this one is stopped before it decides.
          expect(await waiting).toEqual(ok('waited'));
          await expect(here.kysely.transaction().execute(fence)).rejects.toMatchObject({
            code: 'leader-replaced',
          });
          return ok('done');
        });
        expect(first).toEqual(ok('done'));
        expect(await leading(there, CLOSE, async () => ok('again'))).toEqual(ok('again'));
      } finally {
        await there.close();
      }
    },
  );

  test('give the lead back when their work fails', async () => {
    const { database } = await openFresh();
    await migrate(database, 'test', STEPS);
    const failed = leading(database, CLOSE, () => Promise.reject(new Error('no disk')));
    await expect(failed).rejects.toThrow('no disk');
    expect(await leading(database, CLOSE, async () => ok('led'))).toEqual(ok('led'));
  });

  test('let work through where one process holds the books', async () => {
    const { database } = await openFresh();
    await migrate(database, 'test', STEPS);
    expect(await leading(database, CLOSE, async () => ok('led'))).toEqual(ok('led'));
  });
});

function urlOf(
  { pool }: { pool: { options: { connectionString?: string | undefined } } },
  name: string,
): string {
  const url = new URL(pool.options.connectionString ?? '');
  url.pathname = `/${name}`;
  return url.href;
}
