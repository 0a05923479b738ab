import { expect, test } from 'vitest';
import { seededChance } from './chance.ts';

test('the same seed draws the same numbers and another seed draws others', () => {
  const draw = (seed: string) =>
    Array.from(
      { length: 8 },
      (
        (chance) => () =>
          chance.uint32()
      )(seededChance(seed)),
    );
  expect(draw('92')).toEqual(draw('92'));
  expect(draw('92')).not.toEqual(draw('93'));
});

test('a fork does not disturb the stream it came from', () => {
  const plain = seededChance('a');
  const forked = seededChance('a');
  forked.fork('side').uint32();
  expect(forked.uint32()).toBe(plain.uint32());
  expect(seededChance('a').fork('x').uint32()).not.toBe(seededChance('a').fork('y').uint32());
});

test('draws below a limit fill it evenly and never reach it', () => {
  const chance = seededChance('even');
  const counts = new Array<number>(6).fill(0);
  for (let i = 0; i < 60_000; i++) {
    const face = chance.below(6);
    counts[face] = (counts[face] ?? 0) + 1;
  }
  // Chi-square with 5 degrees of freedom: above 20.5 once in a thousand seeds.
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(counts.length).toBe(6);
  expect(chiSquare).toBeLessThan(20.5);
});

test('unit draws lie in [0, 1) with a mean of one half', () => {
  const chance = seededChance('unit');
  let sum = 0;
  for (let i = 0; i < 20_000; i++) {
    const drawn = chance.unit();
    expect(drawn >= 0 && drawn < 1).toBe(true);
    sum += drawn;
  }
  expect(Math.abs(sum / 20_000 - 0.5)).toBeLessThan(0.01);
});
