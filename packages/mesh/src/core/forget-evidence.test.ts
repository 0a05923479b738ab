import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { register, runChecks } from '../testing/hosts.ts';
import { DISPATCH_POLICY } from './context.ts';

const DEADLINE_US = 60_000_000n;

describeOnEveryEngine('what was decided about a node', (openFresh) => {
  test('can be read for as long as the policy says, and costs nobody a task or pay when it is forgotten', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 3);
    await host.workOff(coordinator, 1n, 2);
    await runChecks(coordinator, 1n);
    await host.lease(coordinator, 1n, 1);
    const lateUs = DEADLINE_US + 2n;
    await coordinator.apply(lateUs, { type: 'heartbeats', nodes: [host.id] });
    await coordinator.apply(lateUs, { type: 'tick' });
    const codes = async () => (await coordinator.evidenceOf(host.id, 10)).map((row) => row.code);
    expect(await codes()).toEqual(['late']);
    const work = await coordinator.work();
    const depth = await coordinator.queueDepth();
    await coordinator.apply(lateUs + DISPATCH_POLICY.evidenceKeptUs, { type: 'tick' });
    expect(await codes()).toEqual(['late']);
    await coordinator.apply(lateUs + DISPATCH_POLICY.evidenceKeptUs + 1n, { type: 'tick' });
    expect(await codes()).toEqual([]);
    expect(await coordinator.work()).toEqual(work);
    expect(await coordinator.queueDepth()).toEqual(depth);
  });
});
