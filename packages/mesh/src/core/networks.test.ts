import { tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import type { Tables } from '../store/tables.ts';
import { coordinatorOn } from '../testing/coordinators.ts';
import { inputOf, register } from '../testing/hosts.ts';
import type { Coordinator } from './coordinator.ts';

const HOME = '203.0.113.0/24';
const AWAY = '198.51.100.0/24';

/** One task, or so many, of two replicas each. */
async function createReplicas(
  coordinator: Coordinator,
  count = 1,
  more: object = {},
): Promise<readonly string[]> {
  const tasks = Array.from({ length: count }, (_, n) => ({
    ...{ kind: 'test.scale', version: 1, input: inputOf(n), operations: 1n, subject: 'take' },
    ...{ audience: 'strangers' as const, replicas: 2 },
  }));
  const { answer } = await coordinator.apply(0n, { type: 'create', tasks, ...more });
  if (!answer.ok) throw new Error(answer.message);
  return answer.value.tasks;
}

describeOnEveryEngine('replicas of a task', (openFresh) => {
  test('never go to two machines of one network, whoever owns them', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const ada = await register(coordinator, 'ada', { network: HOME });
    const ben = await register(coordinator, 'ben', { network: HOME });
    const zoe = await register(coordinator, 'zoe', { network: AWAY });
    await createReplicas(coordinator);
    expect(await ada.lease(coordinator, 1n, 9)).toHaveLength(1);
    expect(await ben.lease(coordinator, 1n, 9)).toHaveLength(0);
    expect(await zoe.lease(coordinator, 1n, 9)).toHaveLength(1);
  });

  test('go to any two owners where networks are not known', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const [ada, ben] = [await register(coordinator, 'ada'), await register(coordinator, 'ben')];
    await createReplicas(coordinator);
    expect(await ada.lease(coordinator, 1n, 9)).toHaveLength(1);
    expect(await ben.lease(coordinator, 1n, 9)).toHaveLength(1);
  });

  test('are meant for machines of distinct networks when names choose', async () => {
    const coordinator = await coordinatorOn(await openFresh());
    const names = ['ada', 'ben', 'cem', 'dan'];
    for (const name of names) await register(coordinator, name, { network: HOME });
    const zoe = await register(coordinator, 'zoe', { network: AWAY });
    const ids = await createReplicas(coordinator, 8, { assignment: 'rendezvous' });
    const meant = (await coordinator.tasks(ids)).filter((task) => task.preferred === zoe.id);
    expect(new Set(meant.map((task) => task.group)).size).toBe(8); // Of each task one: the others are one network.
  });

  test('keep networks apart by a keyed hash of where a machine last registered, and no address', async () => {
    const fresh = await openFresh();
    const coordinator = await coordinatorOn(fresh);
    for (const name of ['ada', 'ben']) await register(coordinator, name, { network: HOME });
    const rows = await tablesOf<Tables>(fresh.database).selectFrom('mesh_node').selectAll().execute();
    expect(rows.map(({ network }) => network)).toEqual([rows[0]?.network, rows[0]?.network]);
    expect(rows[0]?.network).toMatch(/^[0-9a-f]{64}$/);
    expect(rows.flatMap((row) => Object.values(row)).join(' ')).not.toContain('203.0.113');
    await register(coordinator, 'ada', { network: AWAY });
    const [ada, ben] = await coordinator.nodes();
    expect(ada?.network).not.toBe(ben?.network);
  });
});
