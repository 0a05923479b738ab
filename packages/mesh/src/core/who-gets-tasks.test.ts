import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import { alternate, coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { claimOf, type HostAtHand, inputOf, partsFor, register } from '../testing/hosts.ts';
import { Coordinator } from './coordinator.ts';

describeOnEveryEngine('who gets a task', (openFresh) => {
  test('never leases one task to two hosts', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const hosts = await Promise.all(['ada', 'ben', 'cyd'].map((name) => register(coordinator, name)));
    await createTasks(coordinator, 60);
    const leased = await Promise.all(hosts.map((host) => host.lease(coordinator, 1n, 50)));
    const ids = leased.flat().map((task) => task.task);
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
  });

  test('gives rendezvous tasks to the same hosts whoever asks first', async () => {
    const names = ['ada', 'ben', 'cyd'];
    const assignments: string[][] = [];
    for (const order of [names, [...names].reverse()]) {
      const coordinator = await coordinatorOn(await openFresh());
      const hosts = new Map<string, HostAtHand>();
      for (const name of names) hosts.set(name, await register(coordinator, name));
      await createTasks(coordinator, 30, { assignment: 'rendezvous' });
      await alternate(
        coordinator,
        order.flatMap((name) => hosts.get(name) ?? []),
      );
      assignments.push((await coordinator.work({})).map((row) => `${row.task} ${row.node}`).sort());
    }
    expect(assignments[0]).toEqual(assignments[1]);
    expect(assignments[0]).toHaveLength(30);
  });

  test('gives no host a turn at a kind it cannot run', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const hosts = await Promise.all(['ada', 'ben'].map((name) => register(coordinator, name)));
    await createTasks(coordinator, 12, { assignment: 'rendezvous' });
    const [unable, able] = hosts;
    if (!unable || !able) throw new Error('no hosts');
    await coordinator.apply(1n, {
      type: 'offer',
      node: unable.id,
      kinds: [{ kind: 'test.other', version: 1 }],
    });
    expect(await able.lease(coordinator, 1n, 50)).toHaveLength(12);
  });

  test('offers a newcomer the cheapest tasks first, dear ones when there are no others', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    const task = { kind: 'test.scale', version: 1, subject: 's', audience: 'strangers' } as const;
    const dear = { ...task, input: inputOf(1), operations: 16_000_000_000n, priority: 9 };
    const cheap = { ...task, input: inputOf(2), operations: 1n };
    await coordinator.apply(0n, { type: 'create', tasks: [dear, cheap] });
    const units = async () => (await host.lease(coordinator, 1n, 5)).map((leased) => leased.workUnits);
    expect([await units(), await units(), await units()]).toEqual([[1n], [16n], []]);
  });

  test('keeps replicas of a task apart by owner group', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const one = await register(coordinator, 'ada', { ownerGroup: 'house-a' });
    const twin = await register(coordinator, 'ann', { ownerGroup: 'house-a' });
    const other = await register(coordinator, 'ben', { ownerGroup: 'house-b' });
    const input = inputOf(0);
    const task = {
      kind: 'test.scale',
      version: 1,
      input,
      operations: 1n,
      subject: 's',
      audience: 'strangers',
      replicas: 2,
    } as const;
    await coordinator.apply(0n, { type: 'create', tasks: [task] });
    expect(await one.lease(coordinator, 1n, 5)).toHaveLength(1);
    expect(await twin.lease(coordinator, 1n, 5)).toHaveLength(0);
    expect(await other.lease(coordinator, 1n, 5)).toHaveLength(1);
  });

  test('shows inputs without consent to trusted hosts only, and none to an excluded owner group', async () => {
    const fresh = await openFresh();
    const parts = partsFor({ seed: 'test', trusted: ['ben'] });
    const coordinator = new Coordinator(parts, await openMeshStore(fresh.database));
    const stranger = await register(coordinator, 'ada');
    const trusted = await register(coordinator, 'ben');
    const task = { kind: 'test.scale', version: 1, operations: 1n, subject: 's' } as const;
    const excludedOwnerGroups = [claimOf('ada').ownerGroup];
    const tasks = [
      { ...task, input: inputOf(1) },
      { ...task, input: inputOf(2), audience: 'strangers' as const, excludedOwnerGroups },
    ];
    await coordinator.apply(0n, { type: 'create', tasks });
    expect(await stranger.lease(coordinator, 1n, 5)).toHaveLength(0);
    expect(await trusted.lease(coordinator, 1n, 5)).toHaveLength(2);
  });

  test('lets no node hoard the queue: it holds 128 tasks at most', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const hoarder = await register(coordinator, 'eve');
    await createTasks(coordinator, 150);
    const batches = [];
    for (let call = 0; call < 4; call++) batches.push((await hoarder.lease(coordinator, 1n, 50)).length);
    expect(batches).toEqual([50, 50, 28, 0]);
    expect(await (await register(coordinator, 'ada')).lease(coordinator, 1n, 50)).toHaveLength(22);
  });
});
