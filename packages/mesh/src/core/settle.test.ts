import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { claimOf, partsFor, register, runChecks } from '../testing/hosts.ts';
import { Coordinator } from './coordinator.ts';
import { TRUST_POLICY } from './trust.ts';

describeOnEveryEngine('settling', (openFresh) => {
  test('pays an honest host for every task, once settled', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 30);
    await host.workOff(coordinator, 1n);
    await runChecks(coordinator, 2n);
    await coordinator.apply(3n, { type: 'settle' });
    const work = await coordinator.work({ state: 'released' });
    expect(work).toHaveLength(30);
    expect(work.every((row) => row.workUnits === 2n && row.payee === claimOf('ada').payee)).toBe(true);
  });

  test('released work waits to be credited in the order in which it came, page by page, and once', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 30);
    await host.workOff(coordinator, 1n);
    await runChecks(coordinator, 2n);
    expect(await coordinator.uncredited({ after: 0n, limit: 100 })).toEqual([]);
    await coordinator.apply(3n, { type: 'settle' });
    const first = await coordinator.uncredited({ after: 0n, limit: 20 });
    const rest = await coordinator.uncredited({ after: first.at(-1)?.place ?? 0n, limit: 20 });
    const released = await coordinator.work({ state: 'released' });
    const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
    expect(idsOf([...first, ...rest])).toEqual(idsOf(released));
    await coordinator.credited(idsOf(first));
    await coordinator.credited(idsOf(first));
    expect(idsOf(await coordinator.uncredited({ after: 0n, limit: 100 }))).toEqual(idsOf(rest));
    expect(await coordinator.work({ state: 'released' })).toEqual(released);
  });

  test('settles only after a last look at 32 results that were never re-run whole', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 140);
    for (let round = 0; round < 14; round++) {
      await host.workOff(coordinator, BigInt(round), 10);
      await runChecks(coordinator, BigInt(round));
    }
    const asked = await coordinator.apply(20n, { type: 'settle' });
    expect(asked.answer).toMatchObject({ ok: true, value: { released: 0, pending: 32 } });
    expect(asked.effects.every((effect) => effect.type === 'check' && effect.check.chunks.length === 1)).toBe(
      true,
    );
    expect((await coordinator.apply(21n, { type: 'settle' })).effects).toEqual([]);
    await runChecks(coordinator, 22n);
    const settled = await coordinator.apply(23n, { type: 'settle' });
    expect(settled.answer).toMatchObject({ ok: true, value: { released: 140, pending: 0 } });
    expect((await coordinator.nodes())[0]).toMatchObject({ heldUnits: 0n, releasedUnits: 280n });
  });

  test('a lie that only the last look finds costs all pay of the epoch', async () => {
    const trust = { ...TRUST_POLICY, checkFloorPermille: 0, checkYoungPermille: 0 };
    const store = await openMeshStore((await openFresh()).database);
    const coordinator = new Coordinator({ ...partsFor({ seed: 'test' }), trust }, store);
    const late = await register(coordinator, 'eve', { tamperFrom: 80 });
    await createTasks(coordinator, 120);
    for (let round = 0; round < 12; round++) {
      await late.workOff(coordinator, BigInt(round), 10);
      await runChecks(coordinator, BigInt(round));
    }
    expect((await coordinator.nodes())[0]).toMatchObject({ provenFakes: 0, heldUnits: 240n });
    await coordinator.apply(20n, { type: 'settle' });
    await runChecks(coordinator, 21n);
    await coordinator.apply(22n, { type: 'settle' });
    expect((await coordinator.nodes())[0]?.provenFakes).toBeGreaterThan(0);
    expect(await coordinator.work({ state: 'released' })).toEqual([]);
  });

  test('releases the oldest pay once more than the policy holds has gathered, and keeps the newest', async () => {
    const trust = { ...TRUST_POLICY, holdTasks: 20, releaseTasks: 10, stakeTasks: 5n };
    const store = await openMeshStore((await openFresh()).database);
    const coordinator = new Coordinator({ ...partsFor({ seed: 'test' }), trust }, store);
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 40);
    for (let round = 1n; round <= 4n; round++) {
      await host.workOff(coordinator, round, 10);
      await runChecks(coordinator, round);
    }
    const all = await coordinator.work();
    expect(all.map((work) => work.state)).toEqual([
      ...Array.from({ length: 20 }, () => 'released'),
      ...Array.from({ length: 20 }, () => 'held'),
    ]);
    expect((await coordinator.nodes())[0]).toMatchObject({ heldUnits: 40n, releasedUnits: 40n });
  });
});
