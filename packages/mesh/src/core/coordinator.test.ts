import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { openMeshStore } from '../store/sql-store.ts';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { honestResult, inputOf, partsFor, register, runChecks } from '../testing/hosts.ts';
import { Coordinator } from './coordinator.ts';

describeOnEveryEngine('the coordinator', (openFresh) => {
  test('refuses a result that is not the one committed to, and does not accept it later', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 1);
    const [task] = await host.lease(coordinator, 1n, 1);
    if (!task) throw new Error('no lease');
    await host.commit(coordinator, 1n, [task]);
    const swapped = honestResult(inputOf(99));
    const items = [{ task: task.task, lease: task.lease, result: swapped }];
    const { answer } = await coordinator.apply(1n, { type: 'reveal', node: host.id, items });
    expect(answer).toMatchObject({ ok: true, value: { items: [{ ok: false, code: 'reveal-differs' }] } });
    expect(await host.lease(coordinator, 2n, 1)).toEqual([]);
  });

  test('refuses results without a commitment, forged signatures and replayed leases', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 2);
    const [first, second] = await host.lease(coordinator, 1n, 2);
    if (!first || !second) throw new Error('no lease');
    const result = honestResult(first.input);
    const early = await coordinator.apply(1n, {
      type: 'reveal',
      node: host.id,
      items: [{ task: first.task, lease: 1, result }],
    });
    expect(early.answer).toMatchObject({ value: { items: [{ code: 'commitment-missing' }] } });
    const items = [host.commitItem(first)];
    const forged = await coordinator.apply(1n, {
      type: 'commit',
      node: host.id,
      items,
      signature: '00'.repeat(64),
    });
    expect(forged.answer).toMatchObject({ ok: false, code: 'signature-invalid' });
    expect(await host.commit(coordinator, 1n, [{ ...second, lease: 7 }])).toMatchObject([
      { code: 'lease-stale' },
    ]);
  });

  test('takes a lease once: its messages sent again, before or after it was accepted, change nothing', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    await createTasks(coordinator, 1);
    const tasks = await host.lease(coordinator, 1n, 1);
    await host.commit(coordinator, 1n, tasks);
    expect(await host.commit(coordinator, 2n, tasks)).toMatchObject([{ ok: false, code: 'lease-stale' }]);
    const sent = await host.reveal(coordinator, 3n, tasks);
    expect(sent.map(({ type }) => type)).toEqual(['check']);
    expect(await host.reveal(coordinator, 4n, tasks)).toEqual([]);
    await runChecks(coordinator, 5n);
    expect(await host.reveal(coordinator, 6n, tasks)).toEqual([]);
    expect(await host.commit(coordinator, 7n, tasks)).toMatchObject([{ code: 'lease-stale' }]);
    expect(await coordinator.work({})).toHaveLength(1);
  });

  test('takes at most 50 commitments in one message and 10,000 tasks in one creation', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    const items = Array.from({ length: 51 }, () => ({
      task: 'x',
      lease: 1,
      resultHash: '',
      chunkHashes: [],
    }));
    const commit = await coordinator.apply(0n, { type: 'commit', node: host.id, items, signature: '' });
    expect(commit.answer).toMatchObject({ ok: false, code: 'batch-too-large' });
    const tasks = Array.from({ length: 10_001 }, () => ({
      kind: 'test.scale',
      version: 1,
      input: inputOf(0),
      operations: 1n,
      subject: 's',
    }));
    expect((await coordinator.apply(0n, { type: 'create', tasks })).answer).toMatchObject({
      code: 'batch-too-large',
    });
  });

  test('goes on after a restart with leases, checks and held pay as they were', async () => {
    const fresh = await openFresh();
    const parts = partsFor({ seed: 'test' });
    const before = new Coordinator(parts, await openMeshStore(fresh.database));
    const host = await register(before, 'ada');
    await createTasks(before, 4);
    const tasks = await host.lease(before, 1n, 2);
    await host.commit(before, 1n, tasks);
    await host.reveal(before, 1n, tasks);
    const after = new Coordinator(parts, await openMeshStore(await fresh.reopen()));
    expect(await after.openChecks(10)).toHaveLength(2);
    await runChecks(after, 2n);
    await host.workOff(after, 3n);
    await runChecks(after, 4n);
    expect((await after.work({ state: 'held' })).length).toBe(4);
  });
});
