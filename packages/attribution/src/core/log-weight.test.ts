import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logWeight, USES_MAX } from './log-weight.ts';

/** ⌊2¹⁶·log₂ n⌋ by its definition: the bit length of n^65536, less one. */
function byDefinition(n: bigint): bigint {
  return BigInt((n ** 65_536n).toString(2).length - 1);
}

test('agrees with the definition for every small count', () => {
  for (let uses = 0; uses < 70; uses++) expect(logWeight(uses)).toBe(byDefinition(BigInt(uses) + 1n));
});

test('agrees with floating point to within one unit over the whole range', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (uses) => {
      const about = 65_536 * Math.log2(Math.min(uses, USES_MAX) + 1);
      expect(Math.abs(Number(logWeight(uses)) - about)).toBeLessThan(1.001);
    }),
  );
});

test('is exact at powers of two and never falls', () => {
  for (let bits = 0; bits < 53; bits++) expect(logWeight(2 ** bits - 1)).toBe(BigInt(bits) << 16n);
  fc.assert(fc.property(fc.nat(), (uses) => logWeight(uses + 1) >= logWeight(uses)));
});

test('refuses counts that are none', () => {
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53])
    expect(() => logWeight(wrong)).toThrow('uses out of range');
});
