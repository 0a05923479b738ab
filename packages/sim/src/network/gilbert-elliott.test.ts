import { seededChance } from '@jamnet/base';
import { parseTrace } from '@jamnet/pnbtr';
import { expect, test } from 'vitest';
import { burstLoss, generateTrace, meanLoss, randomLoss, traceText } from './gilbert-elliott.ts';
import { erasedPackets, isDropped, linkOffset } from './link-trace.ts';

/** Share of ones and mean length of their runs. */
function measure(trace: Uint8Array): { loss: number; burst: number } {
  const lost = trace.reduce((sum, digit) => sum + digit, 0);
  const bursts = trace.reduce((sum, digit, i) => sum + (digit === 1 && trace[i - 1] !== 1 ? 1 : 0), 0);
  return { loss: lost / trace.length, burst: lost / bursts };
}

test('a burst trace has the loss and the burst length it was asked for', () => {
  const { loss, burst } = measure(generateTrace(burstLoss(0.02, 4), 400_000, seededChance('a')));
  expect(loss).toBeCloseTo(0.02, 2);
  expect(burst).toBeGreaterThan(3.7);
  expect(burst).toBeLessThan(4.3);
  expect(meanLoss(burstLoss(0.02, 4))).toBeCloseTo(0.02, 12);
});

test('independent loss comes in bursts of 1 / (1 − loss)', () => {
  const { loss, burst } = measure(generateTrace(randomLoss(0.05), 200_000, seededChance('b')));
  expect(loss).toBeCloseTo(0.05, 2);
  expect(burst).toBeCloseTo(1 / 0.95, 1);
});

test('the same seed gives the same trace, and text keeps it', () => {
  const trace = generateTrace(burstLoss(0.1, 3), 1234, seededChance('c'));
  expect(generateTrace(burstLoss(0.1, 3), 1234, seededChance('c'))).toEqual(trace);
  expect(parseTrace(`# from a test\n${traceText(trace)}`)).toEqual({ ok: true, value: trace });
  expect(generateTrace(burstLoss(0.1, 3), 1234, seededChance('d'))).not.toEqual(trace);
});

test('a link drops by trace and names, and another link begins elsewhere in the trace', () => {
  const trace = Uint8Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1 : 0));
  const at = (500 - linkOffset('ada', 'ben', 1000) + 1000) % 1000;
  expect(isDropped(trace, 'ada', 'ben', at)).toBe(true);
  expect(isDropped(trace, 'ada', 'ben', at + 1)).toBe(false);
  expect(linkOffset('ben', 'ada', 1000)).not.toBe(linkOffset('ada', 'ben', 1000));
});

test('the erasure bound counts a packet only when its datagram and every copy are dropped', () => {
  const dropped = new Set([2, 3, 5, 9, 10, 12]);
  const drops = (n: number): boolean => dropped.has(n);
  expect(erasedPackets(drops, 10, [1, 3])).toEqual([2, 9]);
  expect(erasedPackets(drops, 10, [])).toEqual([2, 3, 5, 9]);
});
