import { tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import type { Tables } from '../store/tables.ts';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { register, runChecks } from '../testing/hosts.ts';
import { DISPATCH_POLICY } from './context.ts';
import type { Coordinator } from './coordinator.ts';
import { FORGOTTEN_PER_TICK_MAX } from './forget-tasks.ts';

const DEADLINE_US = 60_000_000n;
/** Tasks leased at 1 µs are forgotten from here on. */
const FORGOTTEN_US = 1n + DEADLINE_US + DISPATCH_POLICY.finishedTaskKeptUs + 1n;

async function settleAll(coordinator: Coordinator): Promise<void> {
  for (;;) {
    const { answer } = await coordinator.apply(2n, { type: 'settle' });
    if (answer.ok && answer.value.pending === 0) return;
    await runChecks(coordinator, 2n);
  }
}

describeOnEveryEngine('finished tasks', (openFresh) => {
  test('are known for as long as the policy says, then forgotten with their checks; what was earned stays', async () => {
    const fresh = await openFresh();
    const coordinator = await coordinatorOn(fresh);
    const host = await register(coordinator, 'ada');
    const ids = await createTasks(coordinator, 4);
    await host.workOff(coordinator, 1n, 3);
    await runChecks(coordinator, 1n);
    await settleAll(coordinator);
    const work = await coordinator.work();
    const checks = async () =>
      (await tablesOf<Tables>(fresh.database).selectFrom('mesh_check').select('id').execute()).length;
    expect(await checks()).toBe(3);
    await coordinator.apply(FORGOTTEN_US - 1n, { type: 'tick' });
    expect((await coordinator.tasks(ids)).length).toBe(4);
    await coordinator.apply(FORGOTTEN_US, { type: 'tick' });
    const left = await coordinator.tasks(ids);
    expect(left.map(({ state }) => state)).toEqual(['queued']); // However old: nobody has done it.
    expect(await checks()).toBe(0);
    expect(await coordinator.work()).toEqual(work);
    expect(work.map(({ state }) => state)).toEqual(['released', 'released', 'released']);
  });

  test('are forgotten with who was refused them, and whose time was wasted', async () => {
    const fresh = await openFresh();
    const coordinator = await coordinatorOn(fresh);
    const [ada, ben] = [await register(coordinator, 'ada'), await register(coordinator, 'ben')];
    const ids = await createTasks(coordinator, 1);
    for (let lease = 0; lease < DISPATCH_POLICY.wastedLeasesMax; lease++) {
      await ada.lease(coordinator, 1n, 1);
      await coordinator.apply(1n, { type: 'give-back', node: ada.id, tasks: ids });
    }
    await tablesOf<Tables>(fresh.database)
      .insertInto('mesh_exclusion')
      .values({ task_group: ids[0] ?? '', owner_group: 'owner-zoe' })
      .execute();
    await ben.workOff(coordinator, 1n);
    await runChecks(coordinator, 1n);
    await settleAll(coordinator);
    const rows = async () => {
      const tables = tablesOf<Tables>(fresh.database);
      const names = ['mesh_task', 'mesh_refusal', 'mesh_wasted_lease', 'mesh_exclusion'] as const;
      return Promise.all(
        names.map(async (name) => (await tables.selectFrom(name).selectAll().execute()).length),
      );
    };
    expect(await rows()).toEqual([1, 1, 1, 1]);
    await coordinator.apply(FORGOTTEN_US, { type: 'tick' });
    expect(await rows()).toEqual([0, 0, 0, 0]);
  });

  test('stay while their pay is held', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    const ids = await createTasks(coordinator, 2);
    await host.workOff(coordinator, 1n, 2);
    await runChecks(coordinator, 1n);
    await coordinator.apply(FORGOTTEN_US, { type: 'tick' });
    expect((await coordinator.tasks(ids)).length).toBe(2);
    await settleAll(coordinator);
    await coordinator.apply(FORGOTTEN_US, { type: 'tick' });
    expect(await coordinator.tasks(ids)).toEqual([]);
  });

  test('are forgotten so many a tick', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    const ids = await createTasks(coordinator, FORGOTTEN_PER_TICK_MAX + 1);
    while ((await host.workOff(coordinator, 1n)).length > 0) await runChecks(coordinator, 1n);
    await settleAll(coordinator);
    await coordinator.apply(FORGOTTEN_US, { type: 'tick' });
    expect((await coordinator.tasks(ids)).length).toBe(1);
    await coordinator.apply(FORGOTTEN_US, { type: 'tick' });
    expect(await coordinator.tasks(ids)).toEqual([]);
  });
});
