import { expect, test } from 'vitest';
import { LinkMeter } from './link-meter.ts';

/** No stream that plays for a lifetime comes this far. */
const FAR = 2 ** 52;

test('who hears a stream from its middle counts nothing that was before', () => {
  const meter = new LinkMeter();
  meter.observe(FAR, 1_000);
  for (let i = 1; i <= 200; i++) meter.observe(FAR + i, 1_000);
  expect(meter).toMatchObject({ lost: 0, runs: 0 });
  expect(meter.expected).toBeGreaterThan(100);
  expect(meter.expected).toBeLessThanOrEqual(200);
});

test('a leap to a very high number is one run of losses and is not counted through', () => {
  const meter = new LinkMeter();
  for (let i = 0; i < 200; i++) meter.observe(i, 1_000);
  // Counted one by one this would take weeks.
  meter.observe(FAR, 1_000);
  expect(meter.runs).toBe(1);
  expect(meter.lost / meter.expected).toBeGreaterThan(0.99);
  for (let i = 1; i <= 30_000; i++) meter.observe(FAR + i, 1_000);
  // What comes whole afterwards is soon what counts.
  expect(meter.lost / meter.expected).toBeLessThan(0.01);
  expect(meter.expected).toBeLessThan(3_000);
});

test('losses, their runs, and datagrams that only came out of order', () => {
  const meter = new LinkMeter();
  const isLost = (i: number): boolean => i % 100 < 4;
  for (let i = 0; i < 1_000; i += 2)
    for (const each of [i + 1, i]) if (!isLost(each)) meter.observe(each, 1_000);
  // Judged are 5, which came first, to 903: what lies less than 96 behind the newest may still come.
  expect(meter).toMatchObject({ expected: 899, lost: 36, runs: 9 });
});
