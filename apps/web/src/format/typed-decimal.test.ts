import { expect, test } from 'vitest';
import { plainDecimalOf } from './typed-decimal.ts';

test.each([
  [' 12.5 ', 'en-US', '12.5'],
  ['12,5', 'de-DE', '12.5'],
  ['12.5', 'de-CH', '12.5'],
  ['12', 'de-DE', '12'],
  ['-3,5', 'de', '-3.5'],
])('%j typed in %s is %s', (typed, locale, plain) => {
  expect(plainDecimalOf(typed, locale)).toBe(plain);
});

test.each([
  ['1.000', 'de-DE'],
  ['1,000', 'en-US'],
  ['1.000,5', 'de-DE'],
  ['12 €', 'de-DE'],
])('%j typed in %s could mean something else and is no amount', (typed, locale) => {
  expect(plainDecimalOf(typed, locale)).toBe('');
});
