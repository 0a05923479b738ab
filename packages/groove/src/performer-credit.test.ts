import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PerformerCredit, trimmedCredit } from './performer-credit.ts';

const of = (...rows: readonly (readonly [bigint, bigint])[]): Map<string, PerformerCredit> =>
  new Map(rows.map(([workUnits, creditMicroWork], index) => [String(index), { workUnits, creditMicroWork }]));

test.each([
  ['nobody', of(), 0n],
  ['one performer alone', of([10n, 500n]), 0n],
  ['one performer alone, in debt', of([10n, -500n]), -500n],
  ['two alike', of([10n, 500n], [10n, 500n]), 1000n],
  ['a friend beside strangers at nothing', of([10n, 0n], [10n, 0n], [10n, 9000n]), 0n],
  ['a friend beside strangers in debt', of([10n, -100n], [10n, -100n], [10n, 9000n]), -200n],
  ['a friend who plays much beside strangers who pay a little', of([10n, 10n], [30n, 9000n]), 40n],
  ['a small lucky one beside the friend', of([10n, 0n], [1n, 950n], [10n, 9000n]), 1814n],
])('of %s is held to the rate of the others', (_name, performers, expected) => {
  expect(trimmedCredit(performers)).toBe(expected);
});

test('of several is held to the rate of the rest: three friends beside strangers at nothing are nothing, four are not', () => {
  const friends = (count: number) => Array.from({ length: count }, () => [10n, 9000n] as const);
  const strangers = Array.from({ length: 5 }, () => [10n, 0n] as const);
  expect(trimmedCredit(of(...friends(3), ...strangers), 3)).toBe(0n);
  expect(trimmedCredit(of(...strangers, ...friends(3)), 2)).toBeGreaterThan(0n);
  expect(trimmedCredit(of(...friends(4), ...strangers), 3)).toBeGreaterThan(0n);
  expect(trimmedCredit(of(...friends(2)), 3)).toBe(0n);
});

test('is never more than the whole credit, and the same in any order', () => {
  const row = fc.tuple(fc.bigInt(1n, 100n), fc.bigInt(-100_000n, 100_000n));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const trimmed = trimmedCredit(of(...rows));
      expect(trimmed).toBeLessThanOrEqual(rows.reduce((sum, [, credit]) => sum + credit, 0n));
      expect(trimmedCredit(of(...[...rows].reverse()))).toBe(trimmed);
    }),
  );
});
