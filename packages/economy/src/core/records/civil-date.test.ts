import { expect, test } from 'vitest';
import { dateOf } from './civil-date.ts';

test.each([
  [0n, '1970-01-01'],
  [86_400_000_000n - 1n, '1970-01-01'],
  [951_782_400_000_000n, '2000-02-29'],
  [1_795_348_800_000_000n, '2026-11-22'],
  [4_102_444_800_000_000n, '2100-01-01'],
])('case %# has its UTC day', (atUs, day) => {
  expect(dateOf(atUs)).toBe(day);
});
