import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { type HostAtHand, register, runChecks } from '../testing/hosts.ts';
import type { Coordinator } from './coordinator.ts';

describeOnEveryEngine('a task that its host does not finish', (openFresh) => {
  test('hands a task on when its host lets the deadline pass, and refuses the late result', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const slow = await register(coordinator, 'ada');
    const quick = await register(coordinator, 'ben');
    await createTasks(coordinator, 1);
    const [first] = await slow.lease(coordinator, 1n, 1);
    const after = 61_000_000n;
    await coordinator.apply(after, { type: 'heartbeats', nodes: [slow.id, quick.id] });
    const { effects } = await coordinator.apply(after, { type: 'tick' });
    expect(effects.map((effect) => effect.type)).toContain('expired');
    await quick.workOff(coordinator, after);
    expect(first && (await slow.commit(coordinator, after, [first]))).toMatchObject([
      { ok: false, code: 'lease-stale' },
    ]);
  });

  test('gives the tasks of a host that fell silent to another, which is not blamed', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const gone = await register(coordinator, 'ada');
    await createTasks(coordinator, 5, { assignment: 'rendezvous' });
    await gone.lease(coordinator, 1n, 5);
    const other = await register(coordinator, 'ben');
    const later = 40_000_000n;
    await coordinator.apply(later, { type: 'heartbeats', nodes: [other.id] });
    await coordinator.apply(later, { type: 'tick' });
    expect(await other.lease(coordinator, later, 50)).toHaveLength(5);
  });

  test.each<[string, (coordinator: Coordinator, host: HostAtHand, task: string) => Promise<unknown>]>([
    [
      'gives it back',
      (coordinator, { id }, task) => coordinator.apply(1n, { type: 'give-back', node: id, tasks: [task] }),
    ],
    [
      'leaves with it',
      async (coordinator, host) => {
        await coordinator.apply(1n, { type: 'leave', node: host.id });
        await host.tryRegister(coordinator);
      },
    ],
    [
      'lets its deadline pass',
      async (coordinator, { id }) => {
        await coordinator.apply(61_000_000n, { type: 'heartbeats', nodes: [id] });
        await coordinator.apply(61_000_000n, { type: 'tick' });
      },
    ],
  ])('a node that %s three times is offered the task no more, and others still are', async (_, waste) => {
    const coordinator = await coordinatorOn(await openFresh());
    const spoiler = await register(coordinator, 'eve');
    await createTasks(coordinator, 1, { assignment: 'rendezvous' });
    for (let time = 0; time < 3; time++) {
      const [task] = await spoiler.lease(coordinator, 1n, 1);
      await waste(coordinator, spoiler, task?.task ?? 'none leased');
    }
    expect(await spoiler.lease(coordinator, 1n, 1)).toEqual([]);
    expect((await coordinator.evidenceOf(spoiler.id, 1))[0]?.sentence).toMatch(
      /^Task [0-9a-f]{12} is for others now: this node had it 3 times and returned no result\.$/,
    );
    const honest = await register(coordinator, 'ada');
    await honest.workOff(coordinator, 2n);
    await runChecks(coordinator, 3n);
    expect((await coordinator.queueDepth()).accepted).toBe(1);
  });
});
