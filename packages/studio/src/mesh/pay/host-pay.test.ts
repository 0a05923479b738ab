import { Failure } from '@jamnet/base';
import { openEconomy, SAMPLE_METERS, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { type ComputeContribution, Coordinator } from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { inputOf, partsFor, register, runChecks } from '@jamnet/mesh/testing';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { HostPay, type HostPayParts } from './host-pay.ts';

const NOW_US = 1_795_348_800_000_000n;
const TASKS = 30;

describeOnEveryEngine('pay of hosts', (openFresh) => {
  /** A host that did {@link TASKS} tasks of two work units, and books that take them. */
  async function open({ isPolicyThere = true } = {}) {
    const { database } = await openFresh();
    const economy = await openEconomy(database, await openLedger(database));
    const meters = { ...SAMPLE_METERS, compute: { kind: 'compute' as const, weight: 1 } };
    const publish = () => economy.publishPolicy(NOW_US, samplePolicy({ epochId: 'paid', meters }));
    if (isPolicyThere) await publish();
    const coordinator = new Coordinator(partsFor({ seed: 'test' }), await openMeshStore(database));
    const host = await register(coordinator, 'ada');
    const tasks = Array.from({ length: TASKS }, (_, n) => ({
      ...{ kind: 'test.scale', version: 1, input: inputOf(n), operations: 1_500_000_000n },
      ...{ subject: `take-${n}`, audience: 'strangers' as const },
    }));
    await coordinator.apply(NOW_US, { type: 'create', tasks });
    await host.workOff(coordinator, NOW_US);
    await runChecks(coordinator, NOW_US);
    const settle = async () => (await coordinator.apply(NOW_US, { type: 'settle' })).answer;
    const addContributions = async (contributions: readonly ComputeContribution[]): Promise<void> => {
      const added = await economy.addContributions(NOW_US, contributions);
      if (!added.ok) throw new Failure(added.code, added.message);
    };
    const refused: Failure[] = [];
    let clockMs = 0;
    const payWith = (changes: Partial<HostPayParts> = {}) =>
      new HostPay({
        ...{ coordinator, settle, addContributions },
        wait: async (ms) => {
          clockMs += ms;
        },
        monotonicMs: () => clockMs,
        onRefused: (failure) => refused.push(failure),
        ...changes,
      });
    const merit = () => economy.meritOf({ meter: 'compute', afterUs: 0n, untilUs: NOW_US });
    return { coordinator, merit, payWith, publish, refused, addContributions, clockMs: () => clockMs };
  }

  test('what was verified is settled, filed in the books, and filed once', async () => {
    const { merit, payWith } = await open();
    const pay = payWith();
    expect(await pay.credit()).toEqual({ credited: 0, refused: 0 });
    expect(await Promise.all([pay.settle(1_000), pay.settle(1_000), pay.credit()])).toEqual([
      { credited: TASKS, refused: 0 },
      { credited: 0, refused: 0 },
      { credited: 0, refused: 0 },
    ]);
    expect(await merit()).toBe(BigInt(2 * TASKS));
  });

  test('killed between the books and the mark, it files the same again, and nobody earns twice', async () => {
    const { coordinator, merit, payWith } = await open();
    const dies = { ...coordinator, uncredited: coordinator.uncredited.bind(coordinator) };
    const credited = () => Promise.reject(new Error('killed'));
    await expect(payWith({ coordinator: { ...dies, credited } }).settle(1_000)).rejects.toThrow('killed');
    expect(await merit()).toBe(BigInt(2 * TASKS));
    expect(await payWith().credit()).toEqual({ credited: TASKS, refused: 0 });
    expect(await merit()).toBe(BigInt(2 * TASKS));
  });

  test('before the first policy nothing is filed and nothing is lost', async () => {
    const { merit, payWith, publish, refused } = await open({ isPolicyThere: false });
    expect(await payWith().settle(1_000)).toEqual({ credited: 0, refused: TASKS });
    expect(refused).toEqual([]);
    await publish();
    expect(await payWith().credit()).toEqual({ credited: TASKS, refused: 0 });
    expect(await merit()).toBe(BigInt(2 * TASKS));
  });

  test('one that the books refuse keeps nobody else from being paid, is told, and is tried again', async () => {
    const { merit, payWith, refused, addContributions } = await open();
    const oneRefused = (contributions: readonly ComputeContribution[]): Promise<void> =>
      contributions.some(({ subject }) => subject === 'take-7')
        ? Promise.reject(new Failure('contribution-differs', 'It is known otherwise.'))
        : addContributions(contributions);
    expect(await payWith({ addContributions: oneRefused }).settle(1_000)).toEqual({
      ...{ credited: TASKS - 1, refused: 1 },
    });
    expect(refused.map(({ code }) => code)).toEqual(['contribution-differs']);
    expect(await payWith().credit()).toEqual({ credited: 1, refused: 0 });
    expect(await merit()).toBe(BigInt(2 * TASKS));
  });

  test('as many refused at once as are read at once keep nobody behind them from being paid', async () => {
    const { coordinator, merit, payWith, addContributions } = await open();
    const few: HostPayParts['coordinator'] = {
      credited: coordinator.credited.bind(coordinator),
      uncredited: ({ after }) => coordinator.uncredited({ after, limit: 2 }),
    };
    const refusesFirst = (contributions: readonly ComputeContribution[]): Promise<void> =>
      contributions.some(({ subject }) => ['take-0', 'take-1', 'take-2', 'take-3'].includes(subject))
        ? Promise.reject(new Failure('contribution-differs', 'It is known otherwise.'))
        : addContributions(contributions);
    expect(await payWith({ coordinator: few, addContributions: refusesFirst }).settle(1_000)).toEqual({
      ...{ credited: TASKS - 4, refused: 4 },
    });
    expect(await merit()).toBe(BigInt(2 * (TASKS - 4)));
  });

  test('last looks that nobody takes hold a close up no longer than it waits, and the pay is held on', async () => {
    const { merit, payWith, clockMs } = await open();
    const waits = payWith({ settle: async () => ({ ok: true, value: { released: 0, pending: 3 } }) });
    expect(await waits.settle(1_000)).toEqual({ credited: 0, refused: 0 });
    expect(clockMs()).toBe(1_000);
    expect(await payWith({ settle: () => null }).settle(1_000)).toEqual({ credited: 0, refused: 0 });
    expect(clockMs()).toBe(1_000);
    expect(await merit()).toBe(0n);
  });
});
