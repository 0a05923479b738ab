import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideByWeight } from './shares.ts';

const weights = fc.dictionary(fc.string({ minLength: 1 }), fc.bigInt({ min: 0n, max: 10n ** 12n }), {
  minKeys: 1,
});

test('the parts sum to the total, each the floor or the ceiling of its quota', () => {
  fc.assert(
    fc.property(weights, fc.bigInt({ min: 0n, max: 10n ** 9n }), (drawn, total) => {
      const map = new Map(Object.entries(drawn));
      const whole = [...map.values()].reduce((sum, weight) => sum + weight, 0n);
      const parts = divideByWeight(total, map, 'salt');
      const sum = [...parts.values()].reduce((all, part) => all + part, 0n);
      expect(sum).toBe(whole === 0n ? 0n : total);
      for (const [id, part] of parts) {
        const floor = whole === 0n ? 0n : (total * (map.get(id) ?? 0n)) / whole;
        expect(part === floor || part === floor + 1n).toBe(true);
      }
    }),
  );
});

test('the order of the entries does not matter', () => {
  fc.assert(
    fc.property(weights, (drawn) => {
      const rows = Object.entries(drawn);
      const forward = divideByWeight(1000n, new Map(rows), 'salt');
      const backward = divideByWeight(1000n, new Map(rows.toReversed()), 'salt');
      expect(new Map([...forward].sort())).toEqual(new Map([...backward].sort()));
    }),
  );
});

test('another salt lets somebody else win a tie', () => {
  const equal = new Map(['a', 'b', 'c'].map((id) => [id, 1n]));
  const winners = new Set<string>();
  for (let salt = 0; salt < 40; salt++) {
    for (const [id, part] of divideByWeight(1n, equal, `${salt}`)) if (part === 1n) winners.add(id);
  }
  expect([...winners].sort()).toEqual(['a', 'b', 'c']);
});
