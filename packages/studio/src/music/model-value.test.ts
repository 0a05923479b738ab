import { PAYEES_PER_CONTRIBUTION_MAX } from '@jamnet/economy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideModelValue, potMs, type ValuedTake } from './model-value.ts';

const take = (owner: string | null, value: bigint, payee = `p-${owner}`): ValuedTake => ({
  take: 'a take',
  player: 'a name',
  performanceSha256: 'its hash',
  value,
  owner: owner === null ? null : { payee, ownerGroup: owner },
});
const anyTake = fc
  .record({
    owner: fc.option(fc.constantFrom('ada', 'bob', 'cleo')),
    value: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
  })
  .map(({ owner, value }) => take(owner, value));

test('no more than the pot is paid, in whole units, and only to groups whose takes help together', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10_000n }),
      fc.array(anyTake),
      fc.array(fc.bigInt({ min: -1000n, max: 1000n })),
      (pot, takes, others) => {
        const { groups, totalValue } = divideModelValue(pot, takes, others);
        expect(groups.reduce((sum, { merit }) => sum + merit, 0n)).toBeLessThanOrEqual(pot);
        for (const { ownerGroup, value, merit, payees } of groups) {
          const own = takes.filter(({ owner }) => owner?.ownerGroup === ownerGroup);
          expect(value).toBe(own.reduce((sum, each) => sum + each.value, 0n));
          expect(merit).toBe((pot * value) / totalValue);
          expect(merit).toBeGreaterThan(0n);
          expect(payees.every(({ weight }) => weight > 0n)).toBe(true);
        }
      },
    ),
  );
});

test('a take that misleads is taken off what its owner’s others bring; alone it counts as nothing', () => {
  const { groups } = divideModelValue(
    100n,
    [take('ada', 60n), take('ada', -40n), take('bob', 80n), take('cleo', -5n)],
    [],
  );
  expect(groups.map(({ ownerGroup, merit }) => [ownerGroup, merit])).toEqual([
    ['ada', 20n],
    ['bob', 80n],
  ]);
});

test('what falls on players nobody knows and on files is paid to nobody', () => {
  const { groups, totalValue } = divideModelValue(1000n, [take('ada', 10n), take(null, 30n)], [60n, -9n]);
  expect(totalValue).toBe(100n);
  expect(groups.map(({ merit }) => merit)).toEqual([100n]);
});

test('two of one household are paid by what each one’s takes bring', () => {
  const takes = [take('ada', 30n, 'p-1'), take('ada', 10n, 'p-2'), take('ada', -1n, 'p-3')];
  expect(divideModelValue(100n, takes, []).groups[0]?.payees).toEqual([
    { payee: 'p-1', weight: 30n },
    { payee: 'p-2', weight: 10n },
  ]);
});

test('of a household of more than a contribution takes, those whose takes bring most are paid', () => {
  const most = PAYEES_PER_CONTRIBUTION_MAX;
  const takes = Array.from({ length: most + 1 }, (_, n) => take('ada', BigInt(n + 1), `p-${n}`));
  const payees = divideModelValue(1_000_000n, takes, []).groups[0]?.payees ?? [];
  expect(payees).toHaveLength(most);
  expect(payees.map(({ payee }) => payee)).not.toContain('p-0');
});

test('a pot is the stated part of what was played, rounded down', () => {
  expect(potMs(99_999n, 100_000)).toBe(9_999n);
  expect(potMs(10n ** 15n, 500_000)).toBe(10n ** 12n);
});
