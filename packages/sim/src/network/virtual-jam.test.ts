import { expect, test } from 'vitest';
import { VirtualJam } from './virtual-jam.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => `jam ${i}`);
const PLAYERS = 3;
const LINKS = PLAYERS * (PLAYERS - 1);

test.each(SEEDS)(
  'after loss, reordering, corruption, clock steps, restarts of relay and player all hear each other within a second (%s)',
  (seed) => {
    const jam = new VirtualJam(seed, PLAYERS);
    const plan = JSON.stringify(jam.plan);
    const during = jam.runUntil(jam.plan.healedUs);
    jam.runUntil(jam.plan.healedUs + 1_000_000);
    const healed = jam.runUntil(jam.plan.healedUs + 1_300_000);
    expect(healed.size, plan).toBe(LINKS);
    for (const [link, count] of healed) {
      expect(count.heard, `${link} ${plan}`).toBeGreaterThan(100);
      expect(count.missing, `${link} ${plan}`).toBe(0);
    }
    for (const count of [...during.values(), ...healed.values()]) expect(count.wrong, plan).toBe(0);
    const sizes = jam.sizes();
    expect(sizes.delayPackets, plan).toBeLessThanOrEqual(75);
    expect(sizes, plan).toMatchObject({ waiting: 0, players: PLAYERS });
    expect(sizes.streams, plan).toBeLessThanOrEqual(PLAYERS);
  },
);

test('faults do harm while they last, and the same seed does the same harm', () => {
  const harm = SEEDS.slice(0, 4).map((seed) => {
    const jam = new VirtualJam(seed, PLAYERS);
    return [...jam.runUntil(jam.plan.healedUs)];
  });
  const again = SEEDS.slice(0, 4).map((seed) => {
    const jam = new VirtualJam(seed, PLAYERS);
    return [...jam.runUntil(jam.plan.healedUs)];
  });
  expect(again).toEqual(harm);
  expect(harm.flat().reduce((sum, [, count]) => sum + count.missing, 0)).toBeGreaterThan(20);
});
