import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { checkJam } from './check-jam.ts';
import { drawFaults } from './fault-plan.ts';
import { VirtualJam } from './virtual-jam.ts';

/** Beside a run of plain ones, seeds that once failed: `seeds.txt` says what each found. */
const SEEDS = ['0', '1', '3', '4', '7', '8', '2', '11', '65', '66', '88', '318', '423', '2061'];

test.each(SEEDS)(
  'seed %s: after loss, reordering, corruption, clock steps, restarts, leaves and late joins all hear each other within a second, in the same beat, and no note hangs',
  (seed) => {
    const verdict = checkJam(seed);
    expect(verdict.faults, verdict.plan).toEqual([]);
  },
);

test('faults do harm while they last, and the same seed does the same harm', () => {
  const harm = (seed: string): [string, unknown][] => {
    const jam = new VirtualJam(seed);
    return [...jam.runUntil(jam.plan.healedUs)];
  };
  for (const seed of ['0', '7']) expect(harm(seed)).toEqual(harm(seed));
  expect(checkJam('0').missed + checkJam('4').missed).toBeGreaterThan(20);
});

test('where members want direct paths their sound takes them, under the faults and after them', () => {
  const jam = new VirtualJam('0');
  expect(jam.plan).toMatchObject({ hasDirect: true });
  jam.runUntil(jam.plan.healedUs);
  const during = jam.straight;
  jam.runUntil(jam.plan.healedUs + 1_000_000);
  expect(during).toBeGreaterThan(100);
  // 375 packets a second in each of two directions at least.
  expect(jam.straight - during).toBeGreaterThan(400);
});

test('a hundred plans hold every kind of trouble', () => {
  const plans = Array.from({ length: 100 }, (_, i) => drawFaults(seededChance(String(i)).fork('plan')));
  const has = (test: (plan: (typeof plans)[number]) => boolean): number => plans.filter(test).length;
  expect(has((plan) => plan.relayRestartUs >= 0)).toBeGreaterThan(20);
  expect(has((plan) => plan.relayDeathUs >= 0)).toBeGreaterThan(10);
  expect(has((plan) => plan.vanishPlayer >= 0)).toBeGreaterThan(20);
  expect(has((plan) => plan.leavePlayer >= 0 && plan.hasIdentities)).toBeGreaterThan(4);
  expect(has((plan) => plan.listeners > 0)).toBeGreaterThan(10);
  expect(has((plan) => plan.lateJoiners > 0)).toBeGreaterThan(10);
  expect(has((plan) => plan.hasDirect && plan.straightCutUs >= 0)).toBeGreaterThan(10);
  expect(has((plan) => plan.healedUs - plan.fromUs > 5_000_000)).toBeGreaterThan(1);
});
