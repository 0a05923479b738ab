import { expect, test } from 'vitest';
import { benchTime } from './bench-time.ts';

test('every kind of block is timed by the clock it is given', () => {
  let clockMs = 0;
  const nowMs = (): number => {
    clockMs += 0.25;
    return clockMs;
  };
  const times = benchTime(nowMs, { packet: 32, blocks: 100 });
  expect(times).toMatchObject({ packet: 32, channels: 1, orders: [320, 96] });
  expect(times.receive.blocks).toBe(70);
  expect(times.recover.blocks).toBe(10);
  expect(times.conceal.blocks).toBe(10);
  expect(times.concealMet.blocks).toBe(10);
  // Between two looks at this clock pass 250 µs.
  for (const { quietUs, medianUs, worstUs } of [times.receive, times.conceal]) {
    expect([quietUs, medianUs, worstUs].every((us) => Math.abs(us - 250) < 1e-6)).toBe(true);
  }
  expect(times.slowness).toBeGreaterThan(1);
});
