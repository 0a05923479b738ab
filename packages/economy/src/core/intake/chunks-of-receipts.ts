import type { IncomingReceipt } from './incoming-receipt.ts';

/**
 * Receipts in pieces of at most `most`, in their order, a payment and the refunds of it in the same file side by side: each
 * piece can then be checked by itself before any is written. A payment with more refunds than fit is cut all the same.
 */
export function chunksOfReceipts(
  receipts: readonly IncomingReceipt[],
  most: number,
): readonly (readonly IncomingReceipt[])[] {
  const ids = new Set(receipts.map(({ id }) => id));
  const refunds = new Map<string, IncomingReceipt[]>();
  for (const receipt of receipts) {
    if (receipt.refundOf === null || !ids.has(receipt.refundOf)) continue;
    const known = refunds.get(receipt.refundOf);
    if (known) known.push(receipt);
    else refunds.set(receipt.refundOf, [receipt]);
  }
  const chunks: IncomingReceipt[][] = [];
  let chunk: IncomingReceipt[] = [];
  for (const receipt of receipts) {
    if (receipt.refundOf !== null && ids.has(receipt.refundOf)) continue;
    const group = [receipt, ...(refunds.get(receipt.id) ?? [])];
    if (chunk.length > 0 && chunk.length + group.length > most) {
      chunks.push(chunk);
      chunk = [];
    }
    for (const each of group) {
      if (chunk.length === most) {
        chunks.push(chunk);
        chunk = [];
      }
      chunk.push(each);
    }
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
