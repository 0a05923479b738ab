import { TRUST_POLICY } from '@jamnet/mesh';
import { expect, test } from 'vitest';
import { simulateHosts } from './simulate-hosts.ts';

const SMALL = { seed: '92', tasksPerHost: 1500, hostsPerStrategy: 4 } as const;

test.each([300, 600, 900])(
  'every way of cheating earns less than honesty at a cost of %i ⁄ 1000',
  (costPermille) => {
    const { rows } = simulateHosts({ ...SMALL, costPermille });
    const honest = rows.find((row) => row.strategy === 'honest');
    expect(honest?.earnedPerUnit).toBeCloseTo(1 - costPermille / 1000, 6);
    const cheats = rows.filter((row) => !['honest', 'fp16 host', 'vanishes 10 %'].includes(row.strategy));
    expect(cheats.length).toBeGreaterThanOrEqual(8);
    for (const row of cheats)
      expect(row.earnedPerUnit, row.strategy).toBeLessThan(honest?.earnedPerUnit ?? 0);
  },
);

test('bans no honest host, of whatever precision', () => {
  const { rows } = simulateHosts({ ...SMALL, costPermille: 600 });
  const innocent = rows.filter((row) => ['honest', 'fp16 host', 'vanishes 10 %'].includes(row.strategy));
  expect(innocent.map((row) => row.bans)).toEqual([0, 0, 0]);
});

test('gives the same table for the same seed and another for another', () => {
  const first = simulateHosts({ ...SMALL, tasksPerHost: 200, costPermille: 600 });
  expect(simulateHosts({ ...SMALL, tasksPerHost: 200, costPermille: 600 })).toEqual(first);
  expect(simulateHosts({ ...SMALL, seed: '93', tasksPerHost: 200, costPermille: 600 }).checksum).not.toBe(
    first.checksum,
  );
});

test('notices a policy without held pay: cheating would pay', () => {
  const policy = { ...TRUST_POLICY, stakeTasks: 0n, fakesUntilBan: 1_000_000 };
  const { rows } = simulateHosts({ ...SMALL, costPermille: 900, policy });
  const honest = rows.find((row) => row.strategy === 'honest');
  expect(rows.some((row) => row.earnedPerUnit > (honest?.earnedPerUnit ?? 1))).toBe(true);
});
