import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_US } from '../records/calendar.ts';
import { CURRENCIES, CURRENCY_DECIMALS, type Currency, formatMinor, parseMinor } from './currencies.ts';
import {
  checkRate,
  convertedCents,
  dayText,
  type ExchangeRate,
  rateId,
  refundedCents,
} from './exchange-rate.ts';

const RATE: ExchangeRate = {
  currency: 'EUR',
  usdPerUnit: { numerator: 10_842n, denominator: 10_000n },
  dayUs: 20_756n * DAY_US,
  documentSha256: 'ab'.repeat(32),
};
const foreign = fc.constantFrom<Currency>(...CURRENCIES.filter((code) => code !== 'USD'));
const anyRate = fc
  .tuple(foreign, fc.bigInt(1n, 10n ** 12n), fc.bigInt(1n, 10n ** 12n))
  .map(([currency, numerator, denominator]) => ({
    ...RATE,
    currency,
    usdPerUnit: { numerator, denominator },
  }));
const amount = fc.bigInt(0n, 10n ** 14n);

describe('a foreign amount', () => {
  test.each([
    ['EUR', 1_000n, 1_084n],
    ['EUR', 1n, 1n],
    // 0.05 EUR are 5.421 cents, 0.5 EUR 54.21, 12.34 EUR 1337.9028.
    ['EUR', 5n, 5n],
    ['EUR', 1_234n, 1_338n],
    // A yen has no smaller unit: 100 JPY at this rate are 108.42 dollars.
    ['JPY', 100n, 10_842n],
  ] as const)('%s: the nearest cent', (currency, minor, cents) => {
    expect(convertedCents(minor, { ...RATE, currency })).toBe(cents);
  });

  test('exactly between two cents goes up', () => {
    const half = { ...RATE, usdPerUnit: { numerator: 1n, denominator: 2n } };
    expect([1n, 2n, 3n].map((minor) => convertedCents(minor, half))).toEqual([1n, 1n, 2n]);
  });

  test('is never further than half a cent from its exact worth, and more is never worth less', () => {
    fc.assert(
      fc.property(anyRate, amount, amount, (rate, a, b) => {
        const scale = 10n ** BigInt(CURRENCY_DECIMALS[rate.currency]);
        const [numerator, denominator] = [
          a * rate.usdPerUnit.numerator * 100n,
          rate.usdPerUnit.denominator * scale,
        ];
        const off = 2n * (convertedCents(a, rate) * denominator - numerator);
        expect(off <= denominator && off > -denominator).toBe(true);
        if (a <= b) expect(convertedCents(a, rate)).toBeLessThanOrEqual(convertedCents(b, rate));
      }),
    );
  });

  test('goes back in any parts for exactly the cents that it came in with', () => {
    fc.assert(
      fc.property(anyRate, fc.array(amount, { minLength: 1, maxLength: 20 }), (rate, parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0n);
        const before = { amountMinor: 0n, cents: 0n };
        for (const part of parts) {
          const cents = refundedCents(rate, before, part);
          expect(cents).toBeGreaterThanOrEqual(0n);
          before.amountMinor += part;
          before.cents += cents;
        }
        expect(before.cents).toBe(convertedCents(total, rate));
      }),
    );
  });

  test('is written and read with the decimals of its currency', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), amount, (currency, minor) => {
        expect(parseMinor(formatMinor(minor, currency), currency)).toEqual({ ok: true, value: minor });
      }),
    );
    expect(formatMinor(-5n, 'EUR')).toBe('-0.05');
    expect(parseMinor('1.5', 'JPY')).toMatchObject({ code: 'amount-malformed' });
  });
});

describe('a rate', () => {
  test('is named by currency and UTC day', () => {
    expect(rateId(RATE)).toBe('EUR@2026-10-30');
    expect(dayText(RATE.dayUs + DAY_US - 1n)).toBe('2026-10-30');
    expect(dayText(RATE.dayUs + 2n * DAY_US)).toBe('2026-11-01');
    expect(checkRate(RATE)).toEqual({ ok: true, value: RATE });
  });

  test.each<[string, Partial<ExchangeRate>]>([
    ['of the dollar', { currency: 'USD' }],
    ['of nothing', { usdPerUnit: { numerator: 0n, denominator: 1n } }],
    ['without a denominator', { usdPerUnit: { numerator: 1n, denominator: 0n } }],
    ['beyond all measure', { usdPerUnit: { numerator: 10n ** 13n, denominator: 1n } }],
    ['of a part of a day', { dayUs: 1n }],
    ['before 1970', { dayUs: -DAY_US }],
    ['without a document', { documentSha256: '' }],
  ])('%s is refused', (_, wrong) => {
    expect(checkRate({ ...RATE, ...wrong })).toMatchObject({ code: 'rate-malformed' });
  });
});
