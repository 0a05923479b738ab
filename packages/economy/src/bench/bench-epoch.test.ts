import { expect, test } from 'vitest';
import { benchEpoch } from './bench-epoch.ts';

test('the benchmark closes a small epoch exactly and the same way twice', () => {
  const size = { contributors: 50, contributions: 500, receipts: 100, uses: 2_500 };
  const [first, second] = [benchEpoch(size), benchEpoch(size)];
  expect(first.sumExact).toBe(true);
  expect(first.payees).toBe(50);
  expect(second.checksum).toBe(first.checksum);
  expect(benchEpoch(size, 'other').checksum).not.toBe(first.checksum);
});
