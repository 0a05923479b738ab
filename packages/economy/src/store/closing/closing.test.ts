import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { samplePolicy } from '../../core/policy/sample-policy.ts';
import { naiveCloseEpoch } from '../../testing/naive-close-epoch.ts';
import { inputOf, worlds } from '../../testing/random-epochs.ts';
import { contribution, receipt, use, VALUATION } from '../../testing/sample-input.ts';
import { openEconomy } from '../open-economy.ts';
import { publicHeadOf } from './read-epoch.ts';

const NOW = 5_000_000n;
const ROW_KEY = new Uint8Array(32).fill(7);

describeOnEveryEngine('a close in the store', (openFresh, engine) => {
  const runs = engine === 'sqlite' ? 12 : 2;

  test('decides and explains what the naive model does, line by line and byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { database } = await openFresh();
        const economy = await openEconomy(database, await openLedger(database), { drawKey: () => ROW_KEY });
        const input = inputOf({ ...world, poolMicroJam: 10n ** 15n });
        const { policy } = input;
        await economy.publishPolicy(NOW, {
          ...policy,
          pool: { authorisedMicroJam: (10n ** 15n).toString() },
        });
        await economy.openEpoch(NOW);
        await economy.addValuation(NOW, VALUATION);
        await economy.addReceipts(NOW, input.receipts);
        await economy.addContributions(NOW, input.contributions);
        await economy.addUses(input.uses);
        const stored = {
          ...input,
          policy: { ...policy, pool: { authorisedMicroJam: (10n ** 15n).toString() } },
        };
        const expected = naiveCloseEpoch({ ...stored, verifiedPayees: new Set() });
        if (!expected.ok) throw new Error(expected.message);
        expect(await economy.dryRun('sample-1')).toEqual(expected);
        const { revenueCents, contributorShareCents, valuation } = expected.value.publicEpoch;
        expect(await economy.openFigures('sample-1')).toEqual({
          ok: true,
          value: { revenueCents, contributorShareCents, valuation },
        });
        const closed = await economy.close(NOW, 'sample-1');
        expect(await economy.openFigures('sample-1')).toEqual({ ok: true, value: null });
        expect(closed).toMatchObject({ ok: true, value: { statementSha256: expected.value.sha256 } });
        for (const { payee, lines } of expected.value.payments) {
          const wallet = await economy.wallet(NOW, payee);
          expect(
            wallet.lines.map(({ rowId, rule, kind, contribution: id, microJam }) => ({
              ...{ rowId, rule, kind, contribution: id, microJam },
            })),
          ).toEqual(lines);
        }
        const [file] = await economy.publicEpochs();
        expect(publicHeadOf(file?.content ?? '')).toEqual(expected.value.publicEpoch);
      }),
      { numRuns: runs },
    );
  }, 120_000);
});

describe('a close beside its marking', () => {
  // One engine is enough: the other has no second thread.
  describeOnEveryEngine('in a thread', (openFresh, engine) => {
    test.runIf(engine === 'sqlite')(
      'gives the same as in one thread; a refusal, or a stop at any write, leaves all records open',
      async () => {
        const fresh = await openFresh();
        const ledger = await openLedger(fresh.database);
        const economy = await openEconomy(fresh.database, ledger, { drawKey: () => ROW_KEY });
        await economy.publishPolicy(NOW, samplePolicy({ epochId: 'sample-1' }));
        await economy.openEpoch(NOW);
        await economy.addReceipts(NOW, [receipt(1, {})]);
        const music = contribution(1, { kind: 'music' });
        await economy.addContributions(NOW, [music, contribution(2, { kind: 'code' })]);
        await economy.addUses([use(1, { principal: 'payer-1', contribution: music.id })]);
        const beside = { recordsBesideMin: 0n };
        expect(await economy.close(NOW, 'sample-1', beside)).toMatchObject({ code: 'valuation-missing' });
        expect(await economy.epoch('sample-1')).toMatchObject({ state: 'open' });
        await economy.addValuation(NOW, VALUATION);
        const dry = await economy.dryRun('sample-1');
        if (fresh.database.engine !== 'sqlite') throw new Error('not the engine');
        const { sqlite } = fresh.database;
        for (const write of [
          'UPDATE ON economy_contribution',
          'INSERT ON economy_uses_taken',
          'UPDATE ON economy_receipt',
          'UPDATE ON economy_epoch',
        ]) {
          sqlite.exec(`CREATE TRIGGER stop BEFORE ${write} BEGIN SELECT RAISE(ABORT, 'planted'); END`);
          await expect(economy.close(NOW, 'sample-1', beside)).rejects.toThrow('planted');
          sqlite.exec('DROP TRIGGER stop');
          expect(await economy.dryRun('sample-1')).toEqual(dry);
        }
        const closed = await economy.close(NOW, 'sample-1', beside);
        expect(closed).toMatchObject({ ok: true, value: { statementSha256: dry.ok && dry.value.sha256 } });
        expect(await ledger.balance(ACCOUNTS.reserveUsd)).toBe(500n);
      },
    );
  });
});
