import { expect, test } from 'vitest';
import { fuzzWire } from './fuzz-wire.ts';

test('30,000 random and mutated packets: no decoder, relay, peer or stream throws, and each decoder takes some', () => {
  const verdict = fuzzWire('test', 30_000);
  expect(verdict.faults).toEqual([]);
  for (const decoder of ['audio', 'control', 'sync', 'midi', 'stats'])
    expect(verdict.taken[decoder], decoder).toBeGreaterThan(100);
});
