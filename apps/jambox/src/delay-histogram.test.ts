import { expect, test } from 'vitest';
import { DelayHistogram } from './delay-histogram.ts';

test('the tail counts what is at least so long, from all at 0 to the longest at 5 ms', () => {
  const delays = new DelayHistogram();
  for (const us of [0, 40, 100, 250, 4_999, 9_000, 1e9]) delays.add(us);
  const tail = delays.tailBy100Us();
  expect(tail).toHaveLength(51);
  expect([tail[0], tail[1], tail[2], tail[3], tail[49], tail[50]]).toEqual([7, 5, 4, 3, 3, 3]);
});
