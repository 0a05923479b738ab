import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideRoundingUp, formatAmount, parseAmount } from './money.ts';

test('amounts survive their own decimal text', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
      fc.constantFrom('JAM', 'USD', 'EUR'),
      (amount, asset) => {
        expect(parseAmount(formatAmount(amount, asset), asset)).toEqual({ ok: true, value: amount });
      },
    ),
  );
});

test('a cent shows both decimals', () => {
  expect(formatAmount(-5n, 'USD')).toBe('-0.05');
  expect(formatAmount(1_500_000n, 'JAM')).toBe('1.500000');
});

test.each(['', '1.', '1.005', '1e3', '--1', '١', '0x10', '9'.repeat(19)])(
  'the amount %j is refused',
  (text) => {
    expect(parseAmount(text, 'USD')).toMatchObject({ ok: false, code: 'amount-malformed' });
  },
);

test('rounding up adds less than one denominator', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.bigInt({ min: 1n, max: 10n ** 10n }),
      (numerator, denominator) => {
        const up = divideRoundingUp(numerator, denominator);
        expect(up * denominator >= numerator && up * denominator < numerator + denominator).toBe(true);
      },
    ),
  );
});
