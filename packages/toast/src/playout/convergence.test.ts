import { expect, test } from 'vitest';
import { hearSeconds } from '../testing/virtual-ear.ts';

const PER_SECOND = 750;
const SECONDS = 40;
const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);

type Delay = Parameters<typeof hearSeconds>[2];
/** Nothing passes for `ms` every `everySeconds`; then all that waited comes at once. */
const stalls =
  (everySeconds: number, ms: number): Delay =>
  (at, unit) =>
    Math.max(100 * unit(), ms * 1000 - (at % everySeconds) * 1e6);
const uniform =
  (mostUs: number): Delay =>
  (_, unit) =>
    mostUs * unit();

test.each([
  ['a quiet way', uniform(100), 0],
  ['jitter of 3 ms', uniform(3_000), 3],
  ['jitter of 8 ms', uniform(8_000), 3],
  ['stalls of 1 ms every other second', stalls(2, 1), 0],
  ['stalls of 3 ms every other second', stalls(2, 3), 3],
  ['stalls of 10 ms every other second', stalls(2, 10), 5],
  ['the first 300 ms all at once', stalls(1e9, 300), 1],
] as const)(
  '%s: less than one packet in a thousand is missed, its first seconds apart',
  (_, delay, settledSecond) => {
    const { missed } = hearSeconds('settle', SECONDS, delay);
    expect(sum(missed.subarray(settledSecond)) / (PER_SECOND * (SECONDS - settledSecond))).toBeLessThan(
      0.001,
    );
    expect(sum(missed.subarray(0, settledSecond))).toBeLessThan(100);
  },
);

test('a buffer that a burst at the start had made long is short again after ten seconds', () => {
  expect(hearSeconds('burst', 12, stalls(1e9, 300)).bufferUs[10]).toBeLessThan(1_500);
});

test('a way that becomes 10 ms longer for good costs some twenty packets once, and no longer buffer', () => {
  const { missed, bufferUs } = hearSeconds(
    'longer',
    SECONDS,
    (at, unit) => (at > 20 ? 10_000 : 0) + 200 * unit(),
  );
  expect(sum(missed)).toBeLessThan(30);
  expect(sum(missed.subarray(21))).toBe(0);
  expect(bufferUs[25]).toBeLessThan(2_000);
});

test('a way that becomes 10 ms shorter costs nothing', () => {
  expect(
    sum(hearSeconds('shorter', SECONDS, (at, unit) => (at < 20 ? 10_000 : 0) + 200 * unit()).missed),
  ).toBe(0);
});
