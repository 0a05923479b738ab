import { ok } from '@jamnet/base';
import { openEconomy, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { epochDesk } from './epoch-desk.ts';

const NOW_US = 1_795_348_800_000_000n;
const EPOCH = 'sample-1';

describeOnEveryEngine('the operator’s epochs', (openFresh) => {
  async function open() {
    const { database } = await openFresh();
    const economy = await openEconomy(database, await openLedger(database));
    await economy.publishPolicy(NOW_US, samplePolicy({ epochId: EPOCH }));
    await economy.openEpoch(NOW_US);
    const valuation = { valueCents: 2_400_000_000n, fullyDilutedUnits: 12_000_000n };
    const approved = { approvedBy: 'board', documentSha256: 'e'.repeat(64), datedAtUs: NOW_US };
    await economy.addValuation(NOW_US, { id: 'valuation-1', ...valuation, ...approved });
    return economy;
  }

  test('a close that runs is seen by who asks meanwhile, and gone when it is done', async () => {
    const economy = await open();
    const [seen, phases]: [unknown[], string[]] = [[], []];
    const desk = epochDesk({
      economy: {
        ...economy,
        // Asked between what has begun and what ends it, however fast the database is.
        close: async (nowUs, id, options) => {
          options?.onPhase?.('reading', 0.5);
          seen.push(await desk.unclosed());
          return economy.close(nowUs, id, {
            onPhase: (phase, seconds) => {
              options?.onPhase?.(phase, seconds);
              phases.push(phase);
            },
          });
        },
      },
      unfiledCode: () => ok([]),
      settleHosts: async () => undefined,
      publishBooks: async () => undefined,
      nowUs: () => NOW_US,
    });
    expect(await desk.unclosed()).toMatchObject({
      value: [{ id: EPOCH, state: 'open', unfiledCode: [], closing: null }],
    });
    expect(await desk.close(EPOCH)).toMatchObject({ ok: true, value: { epochId: EPOCH } });
    expect(seen).toMatchObject([{ value: [{ id: EPOCH, closing: { done: ['reading'] } }] }]);
    expect(phases).toEqual(expect.arrayContaining(['reading', 'revenue', 'rows', 'settle']));
    expect(await desk.unclosed()).toEqual({ ok: true, value: [] });
  });

  test('code that nobody filed is told before the close, and refuses it', async () => {
    const economy = await open();
    const unfiledCode = () => ok(['forge.example/ada/mill']);
    const desk = epochDesk({
      economy,
      unfiledCode,
      settleHosts: async () => undefined,
      publishBooks: async () => undefined,
      nowUs: () => NOW_US,
    });
    expect(await desk.unclosed()).toMatchObject({ value: [{ unfiledCode: ['forge.example/ada/mill'] }] });
    expect(await desk.close(EPOCH)).toMatchObject({ ok: false, code: 'code-not-filed' });
    expect(await desk.unclosed()).toMatchObject({ value: [{ state: 'open', closing: null }] });
  });

  test('what hosts did is settled before a preview and before a close, and a closed epoch asks nobody', async () => {
    const economy = await open();
    const states: unknown[] = [];
    const desk = epochDesk({
      economy,
      unfiledCode: () => ok([]),
      settleHosts: async (waitMs) => states.push([waitMs, (await economy.epoch(EPOCH))?.state]),
      publishBooks: async () => undefined,
      nowUs: () => NOW_US,
    });
    await desk.preview(EPOCH);
    await desk.close(EPOCH);
    await desk.close(EPOCH);
    expect(states).toEqual([
      [5_000, 'open'],
      [30_000, 'open'],
    ]);
  });
});
