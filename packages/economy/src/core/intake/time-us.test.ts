import { expect, test } from 'vitest';
import { timeUs } from './time-us.ts';

test('a day that no calendar has is no time, and is never the day after', () => {
  for (const day of ['2026-02-30', '2026-02-29', '2026-11-31', '2026-13-01', '2026-02-30T12:00:00Z'])
    expect(timeUs(day)).toBeNull();
  expect(timeUs('2024-02-29')).toBe(1_709_164_800_000_000n);
  expect(timeUs('2026-10-31T23:59:59+02:00')).toBe(1_793_483_999_000_000n);
});
