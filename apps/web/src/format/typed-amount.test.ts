import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatsOf } from '../language/formats.ts';
import { amountAsTyped, typedAmount } from './typed-amount.ts';

const LOCALES = ['en', 'en-US', 'en-GB', 'en-IN', 'en-ZA', 'de', 'de-DE', 'de-AT', 'de-CH'] as const;

test.each([
  [' 12.5 ', 'en-US', 2, 1250n],
  ['12,5', 'de-DE', 2, 1250n],
  ['12.5', 'de-CH', 2, 1250n],
  ['12', 'de-DE', 6, 12_000_000n],
  ['-3,5', 'de', 2, -350n],
  ['1.234,56', 'de-DE', 2, 123_456n],
  ['1,234.56', 'en-US', 2, 123_456n],
  ["1'234.56", 'de-CH', 2, 123_456n],
  ['1 234,56', 'de-AT', 2, 123_456n],
  ['12,34,567.00', 'en-IN', 2, 123_456_700n],
  ['1.234.567', 'de-DE', 2, 123_456_700n],
  ['12.000.000', 'de-DE', 0, 12_000_000n],
  // No decimals are possible, so that a mark can only part thousands.
  ['1.000', 'de-DE', 0, 1000n],
] as const)('%j typed in %s with %d decimals is %d', (typed, locale, decimals, amount) => {
  expect(typedAmount(typed, locale, decimals)).toBe(amount);
});

test.each([
  ['1.000', 'de-DE', 2],
  ['1,000', 'en-US', 2],
  ['1.00', 'de-DE', 2],
  ['1,234.56', 'de-DE', 2],
  ['12.34,5', 'de-DE', 2],
  ['12,345', 'de-DE', 2],
  ['1,', 'de-DE', 2],
  [',5', 'de-DE', 2],
  ['1,5', 'de-DE', 0],
  ['12 €', 'de-DE', 2],
  ['1e3', 'en-US', 2],
  ['١', 'en-US', 2],
  ['', 'en-US', 2],
  ['9'.repeat(19), 'en-US', 2],
] as const)('%j typed in %s with %d decimals is no amount', (typed, locale, decimals) => {
  expect(typedAmount(typed, locale, decimals)).toBeNull();
});

test('what a page shows as an amount can be typed back, in every locale', () => {
  const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  fc.assert(
    fc.property(
      amounts,
      fc.constantFrom(...LOCALES),
      fc.constantFrom(0, 2, 6),
      (amount, locale, decimals) => {
        expect(typedAmount(amountAsTyped(amount, locale, decimals), locale, decimals)).toBe(amount);
      },
    ),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.constantFrom(...LOCALES), (amount, locale) => {
      const formats = formatsOf(locale.startsWith('de') ? 'de' : 'en', [locale]);
      const jam = formats.jam(amount).replace(/\sJAM$/, '');
      expect(typedAmount(jam, locale, 6)).toBe(amount);
      expect(typedAmount(formats.dollars(amount).replace(/[$\s]+$|^[^\d]+/g, ''), locale, 2)).toBe(amount);
    }),
  );
});

test('a locale that parts the thousands of money otherwise than of numbers is read either way', () => {
  expect(typedAmount('1 234,50', 'de-AT', 2)).toBe(123_450n);
  expect(typedAmount('1.234,50', 'de-AT', 2)).toBe(123_450n);
  expect(typedAmount('1.234', 'de-AT', 2)).toBeNull();
});

test('whatever is typed is read or refused', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom(...LOCALES),
      fc.constantFrom(0, 2, 6),
      (typed, locale, decimals) => {
        expect(['bigint', 'object']).toContain(typeof typedAmount(typed, locale, decimals));
      },
    ),
  );
});
