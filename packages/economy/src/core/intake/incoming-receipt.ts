import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import type { Policy } from '../policy/policy.ts';
import { DAY_US } from '../records/calendar.ts';
import { STREAMS, type Stream } from '../records/kinds.ts';
import { checkReceipt, type Receipt, type RecordCode } from '../records/records.ts';
import { type Currency, currencyNamed } from './currencies.ts';
import { convertedCents, dayText, type ExchangeRate, rateId, refundedCents } from './exchange-rate.ts';

/** Cash as the outside tells of it: in its own currency, for a product of the catalogue or straight for a stream. */
export interface IncomingReceipt {
  readonly id: string;
  /** Who paid: a person, or the tenant whose seats use what it paid for. */
  readonly principal: string;
  /** Key of the policy's `products`; `null` when `stream` says it, or (of a refund) when its payment does. */
  readonly product: string | null;
  readonly stream: Stream | null;
  /** In the currency's smallest unit, > 0; of a refund: what went back. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly refundOf: string | null;
  readonly receivedAtUs: bigint;
}

/** The payment that a refund pays back, as it was booked. */
export interface BookedPayment {
  readonly principal: string;
  readonly stream: Stream;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** `null` for dollars. */
  readonly rate: ExchangeRate | null;
  /** What of it has gone back before. */
  readonly refunded: { readonly amountMinor: bigint; readonly cents: bigint };
}

/** A receipt as the formula reads it, with what it was before the conversion. */
export interface BookedReceipt {
  readonly receipt: Receipt;
  /** `null` for dollars. */
  readonly foreign: {
    readonly currency: Currency;
    readonly amountMinor: bigint;
    readonly rateId: string;
  } | null;
}

export type IncomingCode =
  | RecordCode
  | 'unknown-product'
  | 'stream-unknown'
  | 'currency-not-accepted'
  | 'rate-missing'
  | 'amount-too-small'
  | 'refund-of-other-currency'
  | 'refund-too-large';

/**
 * Books an incoming receipt in dollars. `rate` is the posted one that a payment falls under, `original` what a refund pays
 * back; each is `null` where there is none. A refund has the rate of its payment, whatever the day.
 */
export function bookReceipt(
  policy: Policy | null,
  incoming: IncomingReceipt,
  known: { rate: ExchangeRate | null; original: BookedPayment | null },
): Result<BookedReceipt, IncomingCode> {
  const stream = streamOf(policy, incoming, known.original);
  if (!stream.ok) return stream;
  const currency = currencyNamed(incoming.currency);
  if (currency === null || !isAccepted(policy, currency))
    return refuse(
      'currency-not-accepted',
      `Receipt ${incoming.id}: the policy does not accept ${incoming.currency}; it takes ${accepted(policy).join(', ')}.`,
    );
  const { id, principal, amountMinor, reference, refundOf, receivedAtUs } = incoming;
  // Checked in its own currency first, so that the range and the names are refused before anything is converted.
  const checked = checkReceipt({
    ...{ id, principal, stream: stream.value, currency: 'USD', reference, refundOf, receivedAtUs },
    amountCents: amountMinor,
  });
  if (!checked.ok) return checked;
  const amount = known.original
    ? refundAmount(incoming, currency, known.original)
    : paymentAmount(policy, incoming, currency, known.rate);
  if (!amount.ok) return amount;
  if (amount.value.cents < 1n)
    return refuse(
      'amount-too-small',
      `Receipt ${id}: ${amountMinor} of ${currency} is less than half a cent.`,
    );
  const receipt = checkReceipt({ ...checked.value, amountCents: amount.value.cents });
  if (!receipt.ok) return receipt;
  const { rate } = amount.value;
  const foreign = rate === null ? null : { currency, amountMinor, rateId: rateId(rate) };
  return ok({ receipt: receipt.value, foreign });
}

function streamOf(
  policy: Policy | null,
  { id, product, stream }: IncomingReceipt,
  original: BookedPayment | null,
): Result<Stream, IncomingCode> {
  if (product === null) {
    const own = stream ?? original?.stream;
    return own !== undefined && STREAMS.includes(own)
      ? ok(own)
      : refuse(
          'stream-unknown',
          `Receipt ${id}: name a product of the policy, or one of ${STREAMS.join(', ')}.`,
        );
  }
  const products = policy?.products ?? {};
  const found = Object.hasOwn(products, product) ? products[product] : undefined;
  if (!found)
    return refuse('unknown-product', `Receipt ${id}: the policy's catalogue has no product ${product}.`);
  return stream === null || stream === found.stream
    ? ok(found.stream)
    : refuse('stream-unknown', `Receipt ${id}: ${product} belongs to ${found.stream}, not ${stream}.`);
}

type Amount = { readonly cents: bigint; readonly rate: ExchangeRate | null };

function paymentAmount(
  policy: Policy | null,
  { id, amountMinor, receivedAtUs }: IncomingReceipt,
  currency: Currency,
  rate: ExchangeRate | null,
): Result<Amount, IncomingCode> {
  if (currency === 'USD') return ok({ cents: amountMinor, rate: null });
  if (rate === null || !holdsAt(policy, rate, receivedAtUs))
    return refuse(
      'rate-missing',
      `Receipt ${id}: no rate of ${currency} is posted for ${dayText(receivedAtUs)}: post it first.`,
    );
  return ok({ cents: convertedCents(amountMinor, rate), rate });
}

function refundAmount(
  { id, amountMinor }: IncomingReceipt,
  currency: Currency,
  original: BookedPayment,
): Result<Amount, IncomingCode> {
  if (currency !== original.currency)
    return refuse(
      'refund-of-other-currency',
      `Refund ${id} is in ${currency}, its payment was in ${original.currency}.`,
    );
  if (original.refunded.amountMinor + amountMinor > original.amountMinor) return tooLarge(id);
  if (original.rate === null) return ok({ cents: amountMinor, rate: null });
  return ok({ cents: refundedCents(original.rate, original.refunded, amountMinor), rate: original.rate });
}

function tooLarge(id: string): Refusal<IncomingCode> {
  return refuse('refund-too-large', `Refund ${id}: more would go back than was paid.`);
}

/** A rate holds on its day, and as many days after as the policy allows (banks publish none on holidays). */
export function holdsAt(policy: Policy | null, { dayUs }: ExchangeRate, atUs: bigint): boolean {
  const ageDays = (atUs - dayUs) / DAY_US;
  return atUs >= dayUs && ageDays <= BigInt(policy?.currencies?.rateAgeDaysMax ?? 0);
}

function accepted(policy: Policy | null): readonly string[] {
  return ['USD', ...(policy?.currencies?.accepted ?? [])];
}

function isAccepted(policy: Policy | null, currency: Currency): boolean {
  return accepted(policy).includes(currency);
}
