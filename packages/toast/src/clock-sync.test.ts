import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { ClockSync } from './clock-sync.ts';

/** Exchanges over a path of `oneWayUs` plus uniform jitter each way, with a clock that is off by 12,345 µs. */
function syncOver(oneWayUs: number, jitterUs: number, exchanges: number): ClockSync {
  const chance = seededChance(`${oneWayUs} ${jitterUs}`);
  const clock = new ClockSync();
  for (let i = 0; i < exchanges; i++) {
    const t0 = i * 100_000;
    const t1 = t0 + oneWayUs + chance.unit() * jitterUs + 12_345;
    const t2 = t1 + 20;
    clock.sample(t0, t1, t2, t2 - 12_345 + oneWayUs + chance.unit() * jitterUs);
  }
  return clock;
}

test('agrees to 0.2 ms on a quiet path and to 2 ms over 40 ms with 5 ms of jitter', () => {
  expect(Math.abs(syncOver(50, 100, 32).offsetUs - 12_345)).toBeLessThan(200);
  expect(Math.abs(syncOver(40_000, 5_000, 32).offsetUs - 12_345)).toBeLessThan(2000);
});

test('needs eight exchanges, and no negative round trip counts', () => {
  expect(syncOver(50, 0, 7).isAgreed).toBe(false);
  expect(syncOver(50, 0, 8).isAgreed).toBe(true);
  const clock = new ClockSync();
  for (let i = 0; i < 20; i++) clock.sample(100, 200, 400, 150);
  expect(clock.isAgreed).toBe(false);
});

test('follows a clock that was set anew with the first exchange that shows it', () => {
  const clock = syncOver(50, 0, 32);
  for (let i = 0; i < 2; i++) clock.sample(1e9 + i, 2e9 + i, 2e9 + i, 1e9 + i + 100);
  expect(clock.offsetUs).toBeCloseTo(1e9 - 50, 0);
});
