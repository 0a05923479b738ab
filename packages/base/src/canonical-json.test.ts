import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bigintAsText, canonicalJson } from './canonical-json.ts';

test('members are sorted, bigint is text, and absent members are left out', () => {
  expect(canonicalJson({ b: [1, 2n, null], a: undefined, A: 'é"' })).toBe('{"A":"é\\"","b":[1,"2",null]}');
});

test('the order in which members were set does not show', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (members) => {
      const reversed = Object.fromEntries(Object.entries(members).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(members));
      expect(JSON.parse(canonicalJson(members))).toEqual(JSON.parse(JSON.stringify(members)));
    }),
  );
});

test.each([0.5, Number.NaN, 2 ** 53])('the number %d has no canonical form', (value) => {
  expect(() => canonicalJson({ value })).toThrow('integers only');
});

test('at the edges a bigint travels as decimal text', () => {
  expect(JSON.stringify({ a: 12n, b: [1] }, bigintAsText)).toBe('{"a":"12","b":[1]}');
});
