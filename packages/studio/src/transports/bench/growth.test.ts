import { expect, test } from 'vitest';
import { growthOf } from './growth.ts';

test('a leak is told from a spike', () => {
  const still = Array.from({ length: 30 }, (_, i) => (i === 29 ? 900 : 50 + (i % 3)));
  expect(growthOf(still, 5)).toMatchObject({ isWithin: true });
  const leaking = Array.from({ length: 30 }, (_, i) => 50 + i);
  expect(growthOf(leaking, 5)).toEqual({ first: 55, last: 75, bound: 5, isWithin: false });
});

test('two values prove nothing', () => {
  expect(growthOf([1, 1], 5).isWithin).toBe(false);
});
