import { samplePolicy, templatePolicy } from '@jamnet/economy';
import { expect, test } from 'vitest';
import { namedChanges } from './named-changes.ts';

const REAL = templatePolicy();

test('a ratio and a choice of several are one change each, of the values that the policies have', () => {
  const payouts = { rails: ['stripe' as const], bankDetailRestDays: 3, withoutTaxForm: 'refuse' as const };
  const before = { ...REAL, payouts };
  const after = {
    ...before,
    contributorShare: { numerator: 3, denominator: 4 },
    payouts: { ...payouts, rails: ['pain.001', 'nacha'] },
  };
  expect(namedChanges(before, after)).toMatchObject([
    { pointer: '/contributorShare', field: { kind: 'ratio' }, after: { numerator: 3, denominator: 4 } },
    {
      pointer: '/payouts/rails',
      field: { kind: 'several' },
      before: ['stripe'],
      after: ['pain.001', 'nacha'],
    },
  ]);
});

test('a part that comes or goes is told member by member, a meter by its own name', () => {
  const { unclaimed, ...without } = REAL;
  const meters = { ...REAL.meters, 'music/sung-ms': { kind: 'music' as const, weight: 2 } };
  expect(unclaimed).toBeDefined();
  expect(namedChanges(REAL, { ...without, meters })).toMatchObject([
    { pointer: '/meters/music~1sung-ms/kind', path: ['meters', 'music/sung-ms', 'kind'], after: 'music' },
    { pointer: '/meters/music~1sung-ms/weight', field: { kind: 'whole' }, before: undefined, after: 2 },
    { pointer: '/unclaimed/expiryDays', field: { unit: 'days' }, before: 1_096, after: undefined },
  ]);
});

test('the sort of a variant is a choice, and what this page does not know is told by its place', () => {
  const changes = namedChanges(REAL, { ...samplePolicy({ epochId: 'one' }), toString: { deep: 1 } });
  expect(changes.find(({ pointer }) => pointer === '/pricing/kind')?.field).toEqual({
    kind: 'choice',
    options: ['nav', 'fixed'],
  });
  expect(changes.find(({ pointer }) => pointer === '/toString/deep')).toMatchObject({
    field: null,
    after: 1,
  });
});
