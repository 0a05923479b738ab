import { describe, expect, it } from 'vitest';
import { formatsOf } from '../language/formats.ts';
import { amountText, assetOf, legText } from './amounts.ts';

const ENGLISH = formatsOf('en', ['en-GB']);
const GERMAN = formatsOf('de', ['de-DE']);

/** Intl parts amounts from their units by spaces that do not break. */
function plain(text: string): string {
  return text.replace(/\s/g, ' ');
}

describe('amounts of accounts', () => {
  it.each([
    ['pool:JAM', 'JAM'],
    ['payee:p0123:JAM', 'JAM'],
    ['reserve:USD', 'USD'],
    ['reserve', null],
    ['x:toString', null],
  ])('finds the asset of %s', (account, asset) => {
    expect(assetOf(account)).toBe(asset);
  });

  it('a leg has its sign and its asset, as the reader writes them', () => {
    expect(plain(legText(ENGLISH, 'pool:JAM', '1500000'))).toBe('+1.50 JAM');
    expect(plain(legText(GERMAN, 'pool:JAM', '-1234500000'))).toBe('−1.234,50 JAM');
    expect(plain(legText(GERMAN, 'outside:EUR', '-9900'))).toBe('−99,00 €');
    expect(legText(ENGLISH, 'odd', '1234')).toBe('+1,234');
  });

  it('a balance has a sign only below nothing, and loses no unit', () => {
    expect(plain(amountText(ENGLISH, 'pool:JAM', '999999999999999999'))).toBe('999,999,999,999.999999 JAM');
    expect(plain(amountText(GERMAN, 'pool:JAM', '-1'))).toBe('-0,000001 JAM');
    expect(plain(amountText(ENGLISH, 'odd', '12'))).toBe('12');
  });
});
