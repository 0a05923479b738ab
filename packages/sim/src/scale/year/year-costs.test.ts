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
    'cash out',
    'log leaf',
  ]);
  for (const { thing, rows, leaves, bytes, processorUs } of sizes) {
    // A payment is an entry; a cash out at least a redemption, what it filled, an order and its end.
    if (thing === 'payment') expect(leaves).toBe(1);
    if (thing === 'cash out') expect(leaves).toBeGreaterThanOrEqual(4);
    if (thing === 'contribution' || thing === 'use' || thing === 'task') expect(leaves, thing).toBe(0);
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
    cashOutsAYear: 5,
    minutesASession: 10,
    recordedPercent: 50,
  };
  const sizes = [
    { thing: 'payment', measured: 10, rows: 2, leaves: 1, bytes: 100, processorUs: 50 },
    { thing: 'task', measured: 10, rows: 3, leaves: 0, bytes: 10, processorUs: 31_536 },
    { thing: 'cash out', measured: 10, rows: 6, leaves: 4.5, bytes: 10, processorUs: 1 },
    { thing: 'log leaf', measured: 55, rows: 0, leaves: 0, bytes: 160, processorUs: 1 },
    { thing: 'take minute', measured: 2, rows: 0, leaves: 0, bytes: 1_000, processorUs: 1 },
  ] as const;
  expect(yearCosts(plan, sizes)).toEqual([
    { thing: 'payment', count: 12_000, rows: 24_000, bytes: 1_200_000, cores: 0 },
    { thing: 'task', count: 14_600, rows: 43_800, bytes: 146_000, cores: 0 },
    { thing: 'cash out', count: 5_000, rows: 30_000, bytes: 50_000, cores: 0 },
    // 12,000 of payments, 22,500 of what went to the bank.
    { thing: 'log leaf', count: 34_500, rows: 0, bytes: 5_520_000, cores: 0 },
    // 36,000 times somebody played; half of them recorded ten minutes of three tracks.
    { thing: 'take minute', count: 540_000, rows: 0, bytes: 540_000_000, cores: 0 },
  ]);
  const [task] = yearCosts({ ...plan, hosts: 10_000 }, sizes.slice(1, 2));
  expect(task).toMatchObject({ count: 14_600_000, cores: 0.0146 });
});
