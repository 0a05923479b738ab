import { expect, test } from 'vitest';
import { DelayHistogram } from './delay-histogram.ts';

test('the tail counts what is at least so long, from all at 0 to the longest at 5 ms', () => {
  const delays = new DelayHistogram();
  for (const us of [0, 40, 100, 250, 4_999, 9_000, 1e9]) delays.add(us);
  const tail = delays.tailBy100Us();
  expect(tail).toHaveLength(51);
  expect([tail[0], tail[1], tail[2], tail[3], tail[49], tail[50]]).toEqual([7, 5, 4, 3, 3, 3]);
});

test('a quantile is told to the step, also where a machine stood still for seconds', () => {
  const delays = new DelayHistogram();
  for (const us of [1_234, 499_994, 500_000, 2_345_678, 9e9]) delays.add(us);
  expect([0.2, 0.4, 0.6, 0.8, 1].map((share) => delays.quantileMs(share))).toEqual([
    1.23, 499.99, 500, 2_340, 29_990,
  ]);
  expect(delays.countAbove(499_000)).toBe(4);
  expect(delays.countAbove(700_000)).toBe(2);
});

test('without delays there is no quantile', () => {
  expect(new DelayHistogram().quantileMs(0.99)).toBe(0);
});
