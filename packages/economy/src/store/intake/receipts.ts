import { encodeUtf8, ok, type Result, refuse, toHex } from '@jamnet/base';
import type { EntryRequest } from '@jamnet/ledger';
import { sha256 } from '@noble/hashes/sha2.js';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { checkReceipt, type Receipt } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, RECORDS_PER_CALL_MAX, type StoreContext } from '../context.ts';
import type { ForeignRow } from '../revenue/revenue-tables.ts';
import { receiptColumns } from '../rows-of.ts';
import { type Added, CLOCK_SKEW_US, firstFault, unknownOf } from './records-once.ts';

/** Takes outside cash into the books: all receipts of the call or none. `foreign` is what they were before the conversion. */
export async function addReceipts(
  context: StoreContext,
  nowUs: bigint,
  receipts: readonly Receipt[],
  options: { foreign?: readonly ForeignRow[]; checkOnly?: boolean } = {},
): Promise<Result<Added, EconomyCode>> {
  const { tables } = context;
  const fault = firstFault(receipts, (receipt) => {
    const checked = checkReceipt(receipt);
    if (!checked.ok) return checked;
    return receipt.receivedAtUs > nowUs + CLOCK_SKEW_US
      ? refuse('in-the-future', `Receipt ${receipt.id} is dated in the future.`)
      : null;
  });
  if (fault) return fault;
  const fresh = await unknownOf(receipts.map(receiptColumns), 'receipt-differs', (ids) =>
    tables.selectFrom('economy_receipt').selectAll().where('id', 'in', ids).execute(),
  );
  if (!fresh.ok) return fresh;
  const refunds = await refundFault(context, receipts, new Set(fresh.value.map(({ id }) => id)));
  if (refunds) return refunds;
  const answer = { added: fresh.value.length, repeated: receipts.length - fresh.value.length };
  if (options.checkOnly) return ok(answer);
  await tables.transaction().execute(async (transaction) => {
    // Payments before refunds: a refund refers to its payment.
    const ordered = [...fresh.value].sort(
      (a, b) => Number(a.refund_of !== null) - Number(b.refund_of !== null),
    );
    for (const rows of chunksOf(ordered)) {
      await transaction
        .insertInto('economy_receipt')
        .values([...rows])
        .onConflict((c) => c.column('id').doNothing())
        .execute();
    }
    for (const rows of chunksOf(options.foreign ?? [])) {
      await transaction
        .insertInto('economy_foreign')
        .values([...rows])
        .onConflict((c) => c.column('receipt_id').doNothing())
        .execute();
    }
  });
  await postReceipts(context, nowUs);
  return ok(answer);
}

/** Posts the cash of receipts that are not in the ledger yet; their keys make a repeat harmless. */
export async function postReceipts({ tables, books }: StoreContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_receipt')
    .selectAll()
    .where('posted', '=', 0n)
    .orderBy('received_at_us')
    .orderBy('id')
    .limit(2 * RECORDS_PER_CALL_MAX)
    .execute();
  const entries = rows.map(({ id, amount_cents, refund_of }): EntryRequest => {
    const amount = refund_of === null ? amount_cents : -amount_cents;
    const legs = [
      { account: ACCOUNTS.outsideUsd, amount: -amount },
      { account: ACCOUNTS.incomeUsd, amount },
    ];
    return { key: receiptKey(id), kind: refund_of === null ? 'receipt' : 'refund', legs };
  });
  await books.post(nowUs, entries);
  for (const chunk of chunksOf(rows.map(({ id }) => id))) {
    await tables
      .updateTable('economy_receipt')
      .set({ posted: 1n })
      .where('id', 'in', [...chunk])
      .execute();
  }
}

/** The published key of a receipt: its hash, so that the log does not name it. */
export function receiptKey(id: string): string {
  return `receipt:${toHex(sha256(encodeUtf8(`jamnet/receipt/v1\0${id}`)))}`;
}

async function refundFault(
  { tables }: StoreContext,
  receipts: readonly Receipt[],
  fresh: ReadonlySet<string>,
) {
  const asked = new Map<string, bigint>();
  const inCall = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  for (const refund of receipts) {
    if (refund.refundOf === null || !fresh.has(refund.id)) continue;
    const stored = await tables
      .selectFrom('economy_receipt')
      .selectAll()
      .where('id', '=', refund.refundOf)
      .executeTakeFirst();
    const own = inCall.get(refund.refundOf);
    const original = stored ?? (own && receiptColumns(own));
    if (!original || original.refund_of !== null) {
      return refuse<EconomyCode>(
        'refund-of-unknown-receipt',
        `Refund ${refund.id}: there is no payment ${refund.refundOf}.`,
      );
    }
    if (original.principal !== refund.principal || original.stream !== refund.stream) {
      return refuse<EconomyCode>(
        'refund-of-other-payer',
        `Refund ${refund.id} has another principal or stream than its payment.`,
      );
    }
    const before = await tables
      .selectFrom('economy_receipt')
      .select('amount_cents')
      .where('refund_of', '=', original.id)
      .execute();
    const total = before.reduce(
      (sum, row) => sum + row.amount_cents,
      (asked.get(original.id) ?? 0n) + refund.amountCents,
    );
    if (total > original.amount_cents) {
      return refuse<EconomyCode>('refund-too-large', `Refunds of ${original.id} would exceed what was paid.`);
    }
    asked.set(original.id, (asked.get(original.id) ?? 0n) + refund.amountCents);
  }
  return null;
}
