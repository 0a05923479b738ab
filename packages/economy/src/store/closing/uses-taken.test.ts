import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { contribution, receipt, use, VALUATION } from '../../testing/sample-input.ts';
import { Books } from '../books.ts';
import { economyTables, type StoreContext } from '../context.ts';
import { openEconomy } from '../open-economy.ts';
import { lastUse, usesThrough } from './uses-taken.ts';

const NOW = 5_000_000n;

describeOnEveryEngine('uses that epochs take', (openFresh, engine) => {
  test('are each taken once: what the epoch could not take waits for the next, whatever came in meanwhile', async () => {
    const { database } = await openFresh();
    const economy = await openEconomy(database, await openLedger(database));
    const policyOf = (epochId: string, meters: object) => {
      const policy = samplePolicy({ epochId });
      return { ...policy, meters: { ...policy.meters, ...meters } };
    };
    const live = { 'music/live-ms': { kind: 'music', weight: 1 } };
    const music = [1, 2, 3].map((n) => contribution(n, { kind: 'music', merit: 0n }));
    const [first, second, third] = music.map(({ id }) => id);
    const usedBy = (n: number, contributionId = '', meter = 'music/listened-ms') =>
      use(n, { principal: `payer-${n}`, contribution: contributionId, meter });
    /** Who was paid, by which contribution. */
    const paidFor = async (epochId: string): Promise<string[]> => {
      const paid: string[] = [];
      for (const { payees } of music) {
        const wallet = await economy.wallet(NOW, payees[0]?.payee ?? '');
        for (const line of wallet.lines) if (line.epochId === epochId) paid.push(line.contribution);
      }
      return paid;
    };
    await economy.publishPolicy(NOW, policyOf('sample-1', {}));
    await economy.openEpoch(NOW);
    await economy.addValuation(NOW, VALUATION);
    await economy.addContributions(NOW, music);
    await economy.addReceipts(
      NOW,
      [1, 2].map((n) => receipt(n, {})),
    );
    await economy.addUses([usedBy(1, first)]);
    // The meter is of the policy after this epoch's.
    await economy.publishPolicy(NOW, policyOf('sample-2', live));
    expect(await economy.addUses([usedBy(2, second, 'music/live-ms')])).toMatchObject({ ok: true });
    expect(await economy.close(NOW, 'sample-1')).toMatchObject({ ok: true });
    expect(await paidFor('sample-1')).toEqual([first]);

    await economy.openEpoch(NOW);
    await economy.addReceipts(
      NOW,
      [3, 4].map((n) => receipt(n, { principal: `payer-${n - 2}` })),
    );
    await economy.addReceipts(NOW, [receipt(5, { principal: 'payer-5' })]);
    await economy.addUses([usedBy(5, third), usedBy(2, second, 'music/live-ms')]);
    expect(await economy.close(NOW, 'sample-2')).toMatchObject({ ok: true });
    expect(await paidFor('sample-2')).toEqual([second, third]);

    await economy.publishPolicy(NOW, policyOf('sample-3', live));
    await economy.openEpoch(NOW);
    await economy.addReceipts(NOW, [receipt(6, { principal: 'payer-2' })]);
    const last = await economy.close(NOW, 'sample-3');
    expect(last).toMatchObject({ ok: true, value: { contributors: 0 } });
  });

  test.runIf(engine === 'postgres')(
    'end where nobody holds a lower number that is not committed',
    async () => {
      const { database } = await openFresh();
      const ledger = await openLedger(database);
      const economy = await openEconomy(database, ledger);
      await economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' }));
      const music = contribution(1, { kind: 'music' });
      await economy.addContributions(NOW, [music]);
      await economy.addUses([use(1, { principal: 'payer-1', contribution: music.id })]);
      const tables = economyTables(database);
      const context: StoreContext = {
        database,
        tables,
        books: new Books(ledger),
        drawKey: () => new Uint8Array(32),
      };
      const told: string[] = [];
      let mark: Promise<unknown> = Promise.resolve();
      await tables.transaction().execute(async (late) => {
        const { number: _, ...row } = await late
          .selectFrom('economy_use')
          .selectAll()
          .executeTakeFirstOrThrow();
        await late
          .insertInto('economy_use')
          .values({ ...row, row_id: 'late' })
          .execute();
        await economy.addUses([use(2, { principal: 'payer-1', contribution: music.id })]);
        mark = usesThrough(context).then(() => told.push('marked'));
        for (let n = 0; n < 50; n++) await lastUse(late);
        told.push('committing');
      });
      await mark;
      expect(told).toEqual(['committing', 'marked']);
    },
  );
});
