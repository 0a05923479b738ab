import { ok, present, type Result, refuse } from '@jamnet/base';
import { type Currency, currencyNamed } from '../../core/intake/currencies.ts';
import { type ExchangeRate, rateId } from '../../core/intake/exchange-rate.ts';
import {
  type BookedPayment,
  type BookedReceipt,
  bookReceipt,
  type IncomingReceipt,
} from '../../core/intake/incoming-receipt.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Receipt } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, RECORDS_PER_CALL_MAX, type StoreContext, type Tables } from '../context.ts';
import { addReceipts } from '../intake/receipts.ts';
import type { Added } from '../intake/records-once.ts';
import { latestPolicy } from '../policies.ts';
import { receiptOf } from '../rows-of.ts';
import { rateAt, rateOf } from './rates.ts';
import type { ForeignRow } from './revenue-tables.ts';

/** A receipt with what it was in its own currency. */
interface StoredReceipt {
  readonly receipt: Receipt;
  readonly foreign: ForeignRow | null;
}

/**
 * Books cash as it was told of: products become streams, foreign money dollars at a posted rate. All receipts of the call or
 * none; the same ones again change nothing, whatever rates were posted since. `checkOnly` writes nothing at all.
 */
export async function addIncoming(
  context: StoreContext,
  nowUs: bigint,
  incoming: readonly IncomingReceipt[],
  options: { checkOnly?: boolean } = {},
): Promise<Result<Added, EconomyCode>> {
  if (incoming.length > RECORDS_PER_CALL_MAX)
    return refuse(
      'too-many-records',
      `${incoming.length} records in one call; send at most ${RECORDS_PER_CALL_MAX}.`,
    );
  const { tables } = context;
  const desk = new Booking(tables, (await latestPolicy(tables))?.policy ?? null);
  await desk.load(incoming);
  // Payments before refunds, which may pay back one of the same call.
  const ordered = [...incoming].sort((a, b) => Number(a.refundOf !== null) - Number(b.refundOf !== null));
  const booked: BookedReceipt[] = [];
  for (const each of ordered) {
    const answer = await desk.book(each);
    if (!answer.ok) return answer;
    booked.push(answer.value);
  }
  const foreign = booked.flatMap(({ receipt, foreign: was }) =>
    was === null
      ? []
      : [
          {
            receipt_id: receipt.id,
            currency: was.currency,
            amount_minor: was.amountMinor,
            rate_id: was.rateId,
          },
        ],
  );
  const receipts = booked.map(({ receipt }) => receipt);
  return addReceipts(context, nowUs, receipts, { foreign, ...options });
}

/** Receipts of one call on their way into dollars. */
class Booking {
  readonly #tables: Tables;
  readonly #policy: Policy | null;
  readonly #known = new Map<string, StoredReceipt>();
  readonly #rates = new Map<string, ExchangeRate | null>();
  readonly #refunded = new Map<string, { amountMinor: bigint; cents: bigint }>();

  constructor(tables: Tables, policy: Policy | null) {
    this.#tables = tables;
    this.#policy = policy;
  }

  /** The stored receipts that the call names, and what went back of them before. */
  async load(incoming: readonly IncomingReceipt[]): Promise<void> {
    const originals = incoming.flatMap(({ refundOf }) => (refundOf === null ? [] : [refundOf]));
    const named = [...new Set([...incoming.map(({ id }) => id), ...originals])];
    for (const ids of chunksOf(named)) await this.#loadSome([...ids]);
    for (const ids of chunksOf([...new Set(originals)])) {
      const refunds = await this.#tables
        .selectFrom('economy_receipt')
        .selectAll()
        .where('refund_of', 'in', [...ids])
        .execute();
      await this.#loadSome(refunds.map(({ id }) => id));
      for (const { id, refund_of } of refunds)
        this.#addRefund(present(refund_of, 'refund'), present(this.#known.get(id), id));
    }
  }

  async book(incoming: IncomingReceipt): Promise<Result<BookedReceipt, EconomyCode>> {
    const stored = this.#known.get(incoming.id);
    if (stored) return this.#again(stored, incoming);
    const original = this.#originalOf(incoming);
    if (!original.ok) return original;
    const booked = bookReceipt(this.#policy, incoming, {
      original: original.value,
      rate: original.value ? null : await this.#rateFor(incoming),
    });
    if (!booked.ok) return booked;
    const { receipt, foreign } = booked.value;
    const entry: StoredReceipt = {
      receipt,
      foreign: foreign && {
        receipt_id: receipt.id,
        currency: foreign.currency,
        amount_minor: foreign.amountMinor,
        rate_id: foreign.rateId,
      },
    };
    this.#known.set(receipt.id, entry);
    if (receipt.refundOf !== null) this.#addRefund(receipt.refundOf, entry);
    return booked;
  }

  /** One that is there: compared as it was told of, since its dollars are settled. */
  #again(stored: StoredReceipt, incoming: IncomingReceipt): Result<BookedReceipt, EconomyCode> {
    const { receipt, foreign } = stored;
    const product = incoming.product === null ? null : this.#policy?.products?.[incoming.product];
    const stream = incoming.stream ?? product?.stream ?? (incoming.product === null ? receipt.stream : null);
    const same =
      incoming.amountMinor === amountMinorOf(stored) &&
      incoming.currency === (foreign?.currency ?? 'USD') &&
      incoming.principal === receipt.principal &&
      incoming.reference === receipt.reference &&
      incoming.refundOf === receipt.refundOf &&
      incoming.receivedAtUs === receipt.receivedAtUs &&
      stream === receipt.stream;
    return same
      ? ok({ receipt, foreign: null })
      : refuse('receipt-differs', `${incoming.id} is stored with other content; an id is used once.`);
  }

  #originalOf({ id, refundOf }: IncomingReceipt): Result<BookedPayment | null, EconomyCode> {
    if (refundOf === null) return ok(null);
    const stored = this.#known.get(refundOf);
    if (!stored || stored.receipt.refundOf !== null)
      return refuse('refund-of-unknown-receipt', `Refund ${id}: there is no payment ${refundOf}.`);
    const { receipt, foreign } = stored;
    return ok({
      principal: receipt.principal,
      stream: receipt.stream,
      currency: currencyOf(stored),
      amountMinor: amountMinorOf(stored),
      rate: foreign && present(this.#rates.get(foreign.rate_id), foreign.rate_id),
      refunded: this.#refunded.get(refundOf) ?? { amountMinor: 0n, cents: 0n },
    });
  }

  #addRefund(original: string, refund: StoredReceipt): void {
    const before = this.#refunded.get(original) ?? { amountMinor: 0n, cents: 0n };
    this.#refunded.set(original, {
      amountMinor: before.amountMinor + amountMinorOf(refund),
      cents: before.cents + refund.receipt.amountCents,
    });
  }

  async #rateFor({ currency: code, receivedAtUs }: IncomingReceipt): Promise<ExchangeRate | null> {
    const currency = currencyNamed(code);
    if (currency === null || currency === 'USD' || receivedAtUs < 0n) return null;
    const key = `${currency} ${receivedAtUs}`;
    const known = this.#rates.get(key);
    if (known !== undefined) return known;
    const rate = await rateAt(this.#tables, currency, receivedAtUs);
    this.#rates.set(key, rate);
    if (rate) this.#rates.set(rateId(rate), rate);
    return rate;
  }

  async #loadSome(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const receipts = await this.#tables
      .selectFrom('economy_receipt')
      .selectAll()
      .where('id', 'in', ids)
      .execute();
    const foreign = await this.#tables
      .selectFrom('economy_foreign')
      .innerJoin('economy_rate', 'economy_rate.id', 'economy_foreign.rate_id')
      .selectAll()
      .where('receipt_id', 'in', ids)
      .execute();
    const was = new Map(foreign.map((row) => [row.receipt_id, row]));
    for (const row of foreign) this.#rates.set(row.rate_id, rateOf({ ...row, id: row.rate_id }));
    for (const row of receipts)
      this.#known.set(row.id, { receipt: receiptOf(row), foreign: was.get(row.id) ?? null });
  }
}

function amountMinorOf({ receipt, foreign }: StoredReceipt): bigint {
  return foreign?.amount_minor ?? receipt.amountCents;
}

function currencyOf({ foreign }: StoredReceipt): Currency {
  return foreign === null ? 'USD' : present(currencyNamed(foreign.currency), foreign.currency);
}
