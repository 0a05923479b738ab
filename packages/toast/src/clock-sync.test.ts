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

test('any seed: within 0.2 ms on loopback with clocks 300 ppm apart; over 40 ms with 5 ms of jitter and 100 ppm within 2 ms, but for one asking in a thousand', () => {
  let beyond = 0;
  let asked = 0;
  for (let seed = 0; seed < 300; seed++) {
    expect(Math.max(...errorsUs(`loopback ${seed}`, 300, 30, 60))).toBeLessThan(200);
    const far = errorsUs(`far ${seed}`, 100, 37_500, 5_000);
    beyond += far.filter((error) => error >= 2_000).length;
    asked += far.length;
    expect(Math.max(...far)).toBeLessThan(2_600);
  }
  expect(beyond / asked).toBeLessThan(0.001);
});

/**
 * Errors as a peer asks: 24 times every 15 ms, then every 150 ms, a minute long, once 24 answers are there. `oneWayUs` is
 * the shortest way, `jitterUs` what each way may take longer.
 */
function errorsUs(seed: string, ppmMax: number, oneWayUs: number, jitterUs: number): number[] {
  const chance = seededChance(seed);
  const rate = 1 + (chance.below(2 * ppmMax + 1) - ppmMax) / 1e6;
  const aheadUs = chance.below(2_000_000) - 1_000_000;
  // Ours runs at `rate`, the room's is the true one.
  const ours = (us: number): number => us * rate - aheadUs;
  const clock = new ClockSync();
  const errors: number[] = [];
  let atUs = 0;
  for (let asked = 0; atUs < 60e6; asked++) {
    atUs += asked < 24 ? 15_000 : 150_000;
    const cameUs = atUs + oneWayUs + jitterUs * chance.unit();
    const backUs = cameUs + 20 + oneWayUs + jitterUs * chance.unit();
    clock.sample(ours(atUs), cameUs, cameUs + 20, ours(backUs));
    if (asked >= 24) errors.push(Math.abs(ours(backUs) + clock.offsetUs - backUs));
  }
  return errors;
}
