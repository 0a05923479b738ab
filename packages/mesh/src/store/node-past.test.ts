import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { coordinatorOn, createTasks } from '../testing/coordinators.ts';
import { register, runChecks } from '../testing/hosts.ts';

describeOnEveryEngine('what a node did', (openFresh) => {
  test('is read page by page, the newest first, whether its pay is held or released, and is nobody else’s', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const [ada, ben] = [await register(coordinator, 'ada'), await register(coordinator, 'ben')];
    await createTasks(coordinator, 5);
    await ada.workOff(coordinator, 1n, 2);
    await runChecks(coordinator, 1n);
    await coordinator.apply(2n, { type: 'settle' });
    await ben.workOff(coordinator, 3n, 1);
    await ada.workOff(coordinator, 4n, 2);
    await runChecks(coordinator, 4n);
    const all = await coordinator.workBefore({ node: ada.id, before: null, limit: 10 });
    expect(all.map(({ state, acceptedAtUs }) => `${state} at ${acceptedAtUs}`)).toEqual([
      'held at 4',
      'held at 4',
      'released at 1',
      'released at 1',
    ]);
    const paged = [];
    for (let before: bigint | null = null; ; ) {
      const page: typeof all = await coordinator.workBefore({ node: ada.id, before, limit: 3 });
      paged.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      before = last.place;
    }
    expect(paged).toEqual(all);
    expect(await coordinator.workBefore({ node: ben.id, before: null, limit: 10 })).toHaveLength(1);
    expect(await coordinator.workBefore({ node: ada.id, before: null, limit: 1 })).toEqual(all.slice(0, 1));
  });

  test('and what was decided about it, of which no page has what another has', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const host = await register(coordinator, 'ada');
    for (const turn of [1, 2, 3]) {
      await coordinator.apply(1n, { type: 'ban', node: host.id, reason: `reason ${turn}` });
      await coordinator.apply(1n, { type: 'unban', node: host.id, reason: `reason ${turn}` });
    }
    const all = await coordinator.evidenceBefore({ node: host.id, before: null, limit: 10 });
    expect(all.map(({ code }) => code)).toEqual(Array(3).fill(['unbanned', 'banned']).flat());
    const older = await coordinator.evidenceBefore({ node: host.id, before: all[3]?.place ?? 0n, limit: 10 });
    expect(older).toEqual(all.slice(4));
    expect(await coordinator.evidenceBefore({ node: 'n0', before: null, limit: 10 })).toEqual([]);
  });
});
