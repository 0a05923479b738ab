import { assert, ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { DAY_US, monthOf } from '../records/calendar.ts';
import { CURRENCY_DECIMALS, type Currency } from './currencies.ts';

/** What one unit of a currency was worth on one UTC day, as a published document says. Posted before it is used, never changed. */
export interface ExchangeRate {
  readonly currency: Currency;
  /** US dollars for one unit: 1.0842 is 10842/10000. */
  readonly usdPerUnit: { readonly numerator: bigint; readonly denominator: bigint };
  /** Beginning of the UTC day that it holds for, µs. */
  readonly dayUs: bigint;
  /** Hash of the document it was taken from. */
  readonly documentSha256: string;
}

export type RateCode = 'rate-malformed';

const RATIO_MAX = 1_000_000_000_000n;

/** Name of a rate: `EUR@2026-10-30`. */
export function rateId({ currency, dayUs }: Pick<ExchangeRate, 'currency' | 'dayUs'>): string {
  return `${currency}@${dayText(dayUs)}`;
}

/** The UTC day of a moment, `YYYY-MM-DD`. */
export function dayText(atUs: bigint): string {
  const month = monthOf(atUs);
  const day = (atUs - month.startUs) / DAY_US + 1n;
  return `${month.id}-${day.toString().padStart(2, '0')}`;
}

export function checkRate(rate: ExchangeRate): Result<ExchangeRate, RateCode> {
  const bad = (why: string): Refusal<RateCode> =>
    refuse('rate-malformed', `Rate of ${rate.currency}: ${why}`);
  const { numerator, denominator } = rate.usdPerUnit;
  if (rate.currency === 'USD' || !(rate.currency in CURRENCY_DECIMALS))
    return bad('name a known currency other than USD.');
  if (numerator < 1n || denominator < 1n || numerator > RATIO_MAX || denominator > RATIO_MAX)
    return bad(`usdPerUnit is a ratio of integers within 1 and ${RATIO_MAX}.`);
  if (rate.dayUs < 0n || rate.dayUs % DAY_US !== 0n) return bad('dayUs is the beginning of a UTC day.');
  return /^[0-9a-f]{64}$/.test(rate.documentSha256)
    ? ok(rate)
    : bad('documentSha256 is the hash of the document it was taken from.');
}

/**
 * US cents of a foreign amount: the exact value rounded to the nearest cent, halves up. One division of integers, so every
 * machine gets the same; no remainder is kept.
 */
export function convertedCents(amountMinor: bigint, { currency, usdPerUnit }: ExchangeRate): bigint {
  assert(amountMinor >= 0n, 'convertedCents: an amount, not a debt');
  const numerator = amountMinor * usdPerUnit.numerator * 100n;
  const denominator = usdPerUnit.denominator * 10n ** BigInt(CURRENCY_DECIMALS[currency]);
  return (2n * numerator + denominator) / (2n * denominator);
}

/**
 * US cents of a refund, at the rate of its payment: what all refunds together are worth less what the earlier ones were
 * booked at. However many parts a payment goes back in, they sum to exactly the cents it came in with.
 */
export function refundedCents(
  rate: ExchangeRate,
  before: { amountMinor: bigint; cents: bigint },
  amountMinor: bigint,
): bigint {
  return convertedCents(before.amountMinor + amountMinor, rate) - before.cents;
}
