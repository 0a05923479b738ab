import { expect, test } from 'vitest';
import { likelyPairs } from './likely-pairs.ts';

test('pairs in which a rare word changes come first, then neighbours, each pair once', () => {
  const texts = ['total += odd', 'total *= 3', 'total ^= 5', 'total -= odd'].map((after) => ({
    before: '',
    after,
  }));
  const pairs = [...likelyPairs(texts, [0, 1, 2, 3])];
  expect(pairs[0]).toEqual([0, 3]);
  expect(pairs[1]).toEqual([0, 1]);
  expect(pairs).toHaveLength(6);
  expect([...likelyPairs(texts, [1])]).toEqual([]);
});
