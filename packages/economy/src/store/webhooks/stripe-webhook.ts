import { ok, type Result, refuse } from '@jamnet/base';
import type { IncomingReceipt } from '../../core/intake/incoming-receipt.ts';
import {
  type StripeEvent,
  type StripeMeaning,
  stripeMeaning,
  stripeReceiptId,
} from '../../core/intake/stripe-event.ts';
import type { Receipt } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import type { StoreContext, Tables } from '../context.ts';
import { latestPolicy } from '../policies.ts';
import { addIncoming } from '../revenue/incoming.ts';
import { receiptOf } from '../rows-of.ts';
import { type Handled, handleOnce } from './handle-once.ts';
import { type SignedRequest, verifyStripe } from './signatures.ts';

/** Takes a signed event of Stripe. Sent again it answers `repeated`; what is no cash answers `ignored`; neither writes anything. */
export async function takeStripeEvent(
  context: StoreContext,
  request: SignedRequest,
  header: string,
): Promise<Result<Handled, EconomyCode>> {
  const verified = verifyStripe(request, header);
  if (!verified.ok) return verified;
  const event = verified.value;
  const published = await latestPolicy(context.tables);
  if (!published) return refuse('no-policy', 'Publish a policy first: it names the products.');
  const meaning = stripeMeaning(published.policy, event);
  if (!meaning.ok) return meaning;
  const found = meaning.value;
  if (found.kind === 'ignored') return ok({ outcome: 'ignored', detail: found.why, order: null });
  return handleOnce(context, request.nowUs, { source: 'stripe', id: event.id }, async () => {
    const receipt = await receiptFor(context, event, found);
    if (!receipt.ok) return receipt;
    if (receipt.value === null)
      return ok({ outcome: 'repeated', detail: 'All of it is in the books.', order: null });
    const added = await addIncoming(context, request.nowUs, [receipt.value]);
    if (!added.ok) return added;
    return ok({
      outcome: added.value.added > 0 ? 'booked' : 'repeated',
      detail: receipt.value.id,
      order: null,
    });
  });
}

type Cash = Exclude<StripeMeaning, { kind: 'ignored' }>;

/** The receipt that an event adds to what is booked; `null` when it adds nothing. */
async function receiptFor(
  { tables }: StoreContext,
  event: StripeEvent,
  meaning: Cash,
): Promise<Result<IncomingReceipt | null, EconomyCode>> {
  const payment = meaning.kind === 'charge' ? meaning.receipt.id : stripeReceiptId(meaning.charge);
  const original = await stored(tables, payment);
  if (meaning.kind === 'charge') return ok(original ? null : meaning.receipt);
  if (!original)
    return refuse(
      'refund-of-unknown-receipt',
      `Charge ${meaning.charge} is not in the books: its own event must come first.`,
    );
  const { principal, stream } = original;
  const receivedAtUs = BigInt(event.created) * 1_000_000n;
  const base = { principal, product: null, stream: null, currency: meaning.currency, receivedAtUs };
  switch (meaning.kind) {
    case 'refunded': {
      // Stripe tells the sum of all refunds: what is new is the rest, in whatever order its events come.
      const amountMinor = meaning.totalMinor - (await refundedBefore(tables, payment));
      const id = `${payment}:refunded:${meaning.totalMinor}`;
      const reference = `Stripe refund of ${meaning.charge}`;
      return ok(amountMinor <= 0n ? null : { ...base, id, amountMinor, reference, refundOf: payment });
    }
    case 'disputed': {
      const { amountMinor } = meaning;
      const id = stripeReceiptId(meaning.dispute);
      const reference = `Stripe dispute ${meaning.dispute}`;
      return ok(
        (await stored(tables, id)) ? null : { ...base, id, amountMinor, reference, refundOf: payment },
      );
    }
    case 'reinstated': {
      const { amountMinor } = meaning;
      const taken = stripeReceiptId(meaning.dispute);
      if (!(await stored(tables, taken)))
        return refuse(
          'refund-of-unknown-receipt',
          `Dispute ${meaning.dispute} is not in the books: its own event must come first.`,
        );
      const id = `${taken}:reinstated`;
      const reference = `Stripe dispute ${meaning.dispute} won`;
      return ok(
        (await stored(tables, id)) ? null : { ...base, id, stream, amountMinor, reference, refundOf: null },
      );
    }
  }
}

async function stored(tables: Tables, id: string): Promise<Receipt | null> {
  const row = await tables.selectFrom('economy_receipt').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? receiptOf(row) : null;
}

/** What Stripe's refund events have taken off a payment, in its own currency; disputes are apart. */
async function refundedBefore(tables: Tables, payment: string): Promise<bigint> {
  const rows = await tables
    .selectFrom('economy_receipt')
    .leftJoin('economy_foreign', 'economy_foreign.receipt_id', 'economy_receipt.id')
    .select(['economy_receipt.id', 'economy_receipt.amount_cents', 'economy_foreign.amount_minor'])
    .where('economy_receipt.refund_of', '=', payment)
    .execute();
  return rows
    .filter(({ id }) => id.startsWith(`${payment}:refunded:`))
    .reduce((sum, row) => sum + (row.amount_minor ?? row.amount_cents), 0n);
}
