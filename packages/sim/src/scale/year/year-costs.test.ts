import { expect, test } from 'vitest';
import { measureSizes } from './measure-sizes.ts';
import { yearCosts } from './year-costs.ts';

test('every thing that a studio keeps is measured on a real database', async () => {
  const sizes = await measureSizes(60);
  expect(sizes.map(({ thing }) => thing)).toEqual([
    'payment',
    'contribution',
    'use',
    'task',
    'payee paid',
    'log leaf',
  ]);
  for (const { thing, rows, bytes, processorUs } of sizes) {
    expect(bytes, thing).toBeGreaterThan(0);
    expect(processorUs, thing).toBeGreaterThan(0);
    if (!['log leaf', 'payee paid'].includes(thing)) expect(rows, thing).toBeGreaterThanOrEqual(1);
  }
}, 120_000);

test('a year is what happens in it times what was measured of each', () => {
  const plan = {
    members: 1000,
    paymentsAMonth: 1,
    usesAMonth: 2,
    sessionsAMonth: 3,
    hosts: 10,
    tasksADay: 4,
  };
  const sizes = [
    { thing: 'payment', measured: 10, rows: 2, bytes: 100, processorUs: 50 },
    { thing: 'task', measured: 10, rows: 3, bytes: 10, processorUs: 31_536 },
  ] as const;
  expect(yearCosts(plan, sizes)).toEqual([
    { thing: 'payment', count: 12_000, rows: 24_000, bytes: 1_200_000, cores: 0 },
    { thing: 'task', count: 14_600, rows: 43_800, bytes: 146_000, cores: 0 },
  ]);
  const [task] = yearCosts({ ...plan, hosts: 10_000 }, sizes.slice(1));
  expect(task).toMatchObject({ count: 14_600_000, cores: 0.0146 });
});
