import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOfReceipts } from './chunks-of-receipts.ts';
import type { IncomingReceipt } from './incoming-receipt.ts';

const receipt = (id: number, refundOf: number | null): IncomingReceipt => ({
  id: `r${id}`,
  principal: 'ann',
  product: null,
  stream: 'storage',
  amountMinor: 1n,
  currency: 'USD',
  reference: '',
  refundOf: refundOf === null ? null : `r${refundOf}`,
  receivedAtUs: 0n,
});

test('a file in pieces loses nothing, no piece is too large, and no refund stands before its payment', () => {
  const anyFile = fc.array(fc.option(fc.nat(30)), { maxLength: 60 });
  fc.assert(
    fc.property(anyFile, fc.integer({ min: 1, max: 9 }), (refunds, most) => {
      const file = refunds.map((of, id) => receipt(id, of !== null && refunds[of] === null ? of : null));
      const chunks = chunksOfReceipts(file, most);
      expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= most)).toBe(true);
      const order = chunks.flat().map(({ id }) => id);
      expect([...order].sort()).toEqual(file.map(({ id }) => id).sort());
      for (const { id, refundOf } of file)
        if (refundOf !== null) expect(order.indexOf(refundOf)).toBeLessThan(order.indexOf(id));
    }),
  );
});

test('a payment and its refunds share a piece whenever they fit', () => {
  const file = [receipt(0, null), receipt(1, null), receipt(2, null), receipt(3, 2), receipt(4, 99)];
  expect(chunksOfReceipts(file, 3).map((chunk) => chunk.map(({ id }) => id))).toEqual([
    ['r0', 'r1'],
    ['r2', 'r3', 'r4'],
  ]);
});
