import { expect, test } from 'vitest';
import { ClockSync } from './clock-sync.ts';
import { type ClockWay, clockErrors } from './testing/clock-way.ts';

const SEEDS = 300;
const FAR = { leastUs: 35_000, jitterUs: 10_000, seconds: 30 } as const;

/** The largest error over all seeds from `fromUs` after joining on; our clock is fast in every other one. */
function worstUs(way: Omit<ClockWay, 'seed'>, fromUs: number, seeds = SEEDS): number {
  let worst = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const ppm = seed % 2 === 0 ? way.ppm : -way.ppm;
    for (const { atUs, errorUs } of clockErrors({ ...way, ppm, seed: `far ${seed}` }))
      if (atUs >= fromUs) worst = Math.max(worst, errorUs);
  }
  return worst;
}

test.each([0, 100, 300])(
  'ways of 35 to 45 ms and clocks %d ppm apart: within 2 ms from 0.24 s after joining on, within 1.3 ms from 20 s on',
  (ppm) => {
    expect(worstUs({ ...FAR, ppm }, 240_000)).toBeLessThan(2_000);
    expect(worstUs({ ...FAR, ppm }, 20e6)).toBeLessThan(1_300);
  },
);

test('on loopback with clocks 300 ppm apart: within 0.2 ms at once, within 0.05 ms once the drift is known', () => {
  const way = { leastUs: 30, jitterUs: 60, ppm: 300, seconds: 30 };
  expect(worstUs(way, 0)).toBeLessThan(200);
  expect(worstUs(way, 12e6)).toBeLessThan(50);
});

test('ways that both grow by 50 ms leave the clock as it was', () => {
  expect(worstUs({ ...FAR, ppm: 100, seconds: 60, longerUs: 50_000 }, 240_000, 60)).toBeLessThan(3_000);
});

test.each([1_000_000, 30_000, 5_000])('a room clock that is set by %d µs is followed', (setUs) => {
  const way = { ...FAR, ppm: 100, seconds: 60, setUs };
  expect(worstUs(way, 30e6 + 22e6, 60)).toBeLessThan(1_300);
  // What the ways cannot hide is followed sooner.
  if (setUs > 20_000) expect(worstUs(way, 30e6 + 5e6, 60)).toBeLessThan(3_000);
});

test('a clock that was set by more than a round trip is followed with the first exchange that shows it', () => {
  const clock = new ClockSync();
  for (let i = 0; i < 32; i++) clock.sample(i * 1e5, i * 1e5 + 50, i * 1e5 + 50, i * 1e5 + 100);
  clock.sample(1e9, 2e9, 2e9, 1e9 + 100);
  expect(clock.offsetUs).toBeCloseTo(1e9 - 50, 0);
});

test('needs sixteen exchanges, and no negative round trip counts', () => {
  const clock = new ClockSync();
  for (let i = 0; i < 20; i++) clock.sample(100, 200, 400, 150);
  expect(clock.isAgreed).toBe(false);
  for (let i = 0; i < 15; i++) clock.sample(i * 1e4, i * 1e4 + 50, i * 1e4 + 50, i * 1e4 + 100);
  expect(clock.isAgreed).toBe(false);
  clock.sample(2e5, 2e5 + 50, 2e5 + 50, 2e5 + 100);
  expect(clock.isAgreed).toBe(true);
});

test('the moment at which the room shows a time is the inverse of the offset, drift and all', () => {
  const clock = new ClockSync();
  for (let i = 0; i < 200; i++) {
    const at = i * 150_000;
    clock.sample(at, at * 1.0003 + 50, at * 1.0003 + 60, at + 110);
  }
  const localUs = 200 * 150_000 + 77_777;
  expect(clock.offsetAt(localUs) - clock.offsetUs).toBeGreaterThan(20);
  expect(clock.localTimeUs(localUs + clock.offsetAt(localUs))).toBeCloseTo(localUs, 3);
});
