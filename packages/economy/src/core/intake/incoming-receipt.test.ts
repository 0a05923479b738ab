import { describe, expect, test } from 'vitest';
import { samplePolicy } from '../policy/sample-policy.ts';
import { DAY_US } from '../records/calendar.ts';
import type { ExchangeRate } from './exchange-rate.ts';
import { type BookedPayment, bookReceipt, type IncomingReceipt } from './incoming-receipt.ts';

const POLICY = samplePolicy({ epochId: 'e', currencies: { accepted: ['EUR', 'JPY'], rateAgeDaysMax: 3 } });
const DAY = 20_000n * DAY_US;
const RATE: ExchangeRate = {
  currency: 'EUR',
  usdPerUnit: { numerator: 11n, denominator: 10n },
  dayUs: DAY,
  documentSha256: 'ab'.repeat(32),
};
const SALE: IncomingReceipt = {
  id: 'r',
  principal: 'ann',
  product: 'jambox',
  stream: null,
  amountMinor: 8_000n,
  currency: 'EUR',
  reference: '',
  refundOf: null,
  receivedAtUs: DAY + 5n,
};
const PAYMENT: BookedPayment = {
  principal: 'ann',
  stream: 'hardware',
  currency: 'EUR',
  amountMinor: 8_000n,
  rate: RATE,
  refunded: { amountMinor: 0n, cents: 0n },
};
const none = { rate: null, original: null };

describe('an incoming receipt', () => {
  test('of a product in euros becomes dollars of its stream, and keeps what it was', () => {
    expect(bookReceipt(POLICY, SALE, { rate: RATE, original: null })).toMatchObject({
      ok: true,
      value: {
        receipt: { stream: 'hardware', amountCents: 8_800n, currency: 'USD' },
        foreign: { currency: 'EUR', amountMinor: 8_000n },
      },
    });
  });

  test('in dollars needs neither rate nor policy', () => {
    const dollars = { ...SALE, product: null, stream: 'storage' as const, currency: 'USD' };
    expect(bookReceipt(null, dollars, none)).toMatchObject({
      value: { receipt: { amountCents: 8_000n, stream: 'storage' }, foreign: null },
    });
  });

  test('under a rate of some days before, as far as the policy goes', () => {
    const at = (days: bigint) => ({ ...SALE, receivedAtUs: DAY + days * DAY_US });
    const known = { rate: RATE, original: null };
    expect(bookReceipt(POLICY, at(3n), known)).toMatchObject({ ok: true });
    expect(bookReceipt(POLICY, at(4n), known)).toMatchObject({ code: 'rate-missing' });
    const strict = { ...POLICY, currencies: { accepted: ['EUR' as const], rateAgeDaysMax: 0 } };
    expect(bookReceipt(strict, at(1n), known)).toMatchObject({ code: 'rate-missing' });
  });

  test('that refunds takes stream and rate from its payment, whatever the day', () => {
    const refund = { ...SALE, product: null, refundOf: 'p', receivedAtUs: DAY + 300n * DAY_US };
    expect(bookReceipt(POLICY, refund, { rate: null, original: PAYMENT })).toMatchObject({
      value: { receipt: { stream: 'hardware', amountCents: 8_800n, refundOf: 'p' } },
    });
  });

  test.each<[string, string, Partial<IncomingReceipt>, Parameters<typeof bookReceipt>[2]]>([
    [
      'of a product named like a method',
      'unknown-product',
      { product: 'constructor' },
      { rate: RATE, original: null },
    ],
    ['of a product nobody sells', 'unknown-product', { product: 'piano' }, { rate: RATE, original: null }],
    [
      'of a product of another stream',
      'stream-unknown',
      { stream: 'storage' },
      { rate: RATE, original: null },
    ],
    ['for nothing', 'stream-unknown', { product: null }, { rate: RATE, original: null }],
    ['in a currency not accepted', 'currency-not-accepted', { currency: 'GBP' }, none],
    ['in no currency', 'currency-not-accepted', { currency: 'XAU' }, none],
    ['without a rate', 'rate-missing', {}, none],
    ['before its rate', 'rate-missing', { receivedAtUs: DAY - 1n }, { rate: RATE, original: null }],
    ['of nothing', 'receipt-malformed', { amountMinor: 0n }, { rate: RATE, original: null }],
    ['below zero', 'receipt-malformed', { amountMinor: -1n }, { rate: RATE, original: null }],
    ['without a payer', 'receipt-malformed', { principal: '' }, { rate: RATE, original: null }],
    [
      'that refunds more than was paid',
      'refund-too-large',
      { refundOf: 'p', amountMinor: 8_001n },
      { rate: null, original: PAYMENT },
    ],
    [
      'that refunds in another currency',
      'refund-of-other-currency',
      { refundOf: 'p', currency: 'USD' },
      { rate: null, original: PAYMENT },
    ],
    [
      'too small for a cent',
      'amount-too-small',
      { amountMinor: 1n },
      { rate: { ...RATE, usdPerUnit: { numerator: 1n, denominator: 3n } }, original: null },
    ],
  ])('%s is refused with %s', (_, code, wrong, known) => {
    expect(bookReceipt(POLICY, { ...SALE, ...wrong }, known)).toMatchObject({ ok: false, code });
  });
});
