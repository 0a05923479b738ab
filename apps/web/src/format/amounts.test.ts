import { parseAmount } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetOf, jamText, legText } from './amounts.ts';

describe('amounts as text', () => {
  it.each([
    ['0', '0.00'],
    ['1', '0.000001'],
    ['12500000', '12.50'],
    ['1234567000000', '1,234,567.00'],
    ['-1', '-0.000001'],
  ])('shows %s µJAM as %s', (microJam, shown) => {
    expect(jamText(microJam)).toBe(shown);
  });

  it('loses no unit of any amount', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), (microJam) => {
        const read = parseAmount(jamText(String(microJam)).replaceAll(',', ''), 'JAM');
        expect(read.ok && read.value).toBe(microJam);
      }),
    );
  });

  it.each([
    ['pool:JAM', 'JAM'],
    ['payee:p0123:JAM', 'JAM'],
    ['reserve:USD', 'USD'],
    ['reserve', null],
    ['x:toString', null],
  ])('finds the asset of %s', (account, asset) => {
    expect(assetOf(account)).toBe(asset);
  });

  it('signs a leg and names its asset', () => {
    expect(legText('pool:JAM', '1500000')).toBe('+1.50 JAM');
    expect(legText('outside:USD', '-9900')).toBe('−99.00 USD');
    expect(legText('odd', '1234')).toBe('+1,234');
  });
});
