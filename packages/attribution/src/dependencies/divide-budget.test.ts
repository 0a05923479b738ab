import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEPENDENCY_CAP, divideBudget, type UsedPackage } from './divide-budget.ts';

const of = (name: string, uses: number, more: Partial<UsedPackage> = {}): UsedPackage => ({
  name,
  version: '1.0.0',
  uses,
  isDirect: true,
  repository: `github.com/x/${name}`,
  funding: [],
  ...more,
});

/** Enough others that the cap touches nobody. */
const CROWD = Array.from({ length: 12 }, (_, n) => of(`crowd${n}`, 1000));

test('a transitive package weighs a tenth of a direct one with the same calls', () => {
  const shares = divideBudget([...CROWD, of('direct', 99), of('deep', 99, { isDirect: false })], 's');
  const share = (name: string): number =>
    shares.find((one) => one.repository.endsWith(`/${name}`))?.share ?? 0;
  expect(Math.abs(share('direct') - 10 * share('deep'))).toBeLessThanOrEqual(10);
});

test('a project in fifty packages weighs what it weighs in one', () => {
  const whole = divideBudget([...CROWD, of('whole', 5000)], 's');
  const parts = Array.from({ length: 50 }, (_, n) =>
    of(`part${n}`, 100, { repository: 'github.com/x/whole' }),
  );
  const split = divideBudget([...CROWD, ...parts], 's');
  const share = (list: typeof whole) => list.find((one) => one.repository === 'github.com/x/whole');
  expect(share(split)?.share).toBe(share(whole)?.share);
  expect(share(split)?.packages).toHaveLength(50);
});

test('nobody gets more than the cap, and with few repositories part of the budget is left', () => {
  const three = divideBudget([of('a', 1_000_000), of('b', 10), of('c', 1)], 's');
  expect(three.map((one) => one.share)).toEqual([200_000_000, 200_000_000, 200_000_000]);
  const giant = divideBudget(
    [of('giant', 1e15), ...Array.from({ length: 9 }, (_, n) => of(`small${n}`, 1))],
    's',
  );
  expect(giant[0]).toMatchObject({ repository: 'github.com/x/giant', share: Number(DEPENDENCY_CAP) });
  expect(giant.reduce((sum, one) => sum + one.share, 0)).toBe(1_000_000_000);
});

test('the busiest package that asks for money speaks for its repository; one that is silent waits in escrow', () => {
  const shares = divideBudget(
    [
      of('real', 5000, { repository: 'github.com/x/big', funding: ['https://real.example'] }),
      of('thief', 3, { repository: 'github.com/x/big', funding: ['https://thief.example'] }),
      of('silent', 9, { repository: null }),
    ],
    's',
  );
  expect(shares.find((one) => one.repository === 'github.com/x/big')?.funding).toEqual([
    'https://real.example',
  ]);
  expect(shares.find((one) => one.repository === 'npm:silent')).toMatchObject({ funding: [] });
});

test('packages that did not run get nothing, and no package at all gives an empty list', () => {
  expect(divideBudget([of('idle', 0)], 's')).toEqual([]);
  expect(divideBudget([], 's')).toEqual([]);
});

test('shares sum exactly to the budget or to what the caps allow, in any order', () => {
  const packages = fc.uniqueArray(
    fc.record({ n: fc.nat(40), uses: fc.integer({ min: 1, max: 1e9 }), isDirect: fc.boolean() }),
    { selector: (one) => one.n, maxLength: 30 },
  );
  fc.assert(
    fc.property(packages, (drawn) => {
      const list = drawn.map(({ n, uses, isDirect }) => of(`p${n}`, uses, { isDirect }));
      const shares = divideBudget(list, 'salt');
      const sum = shares.reduce((total, one) => total + BigInt(one.share), 0n);
      const most = DEPENDENCY_CAP * BigInt(list.length);
      expect(sum).toBe(most < 1_000_000_000n ? most : 1_000_000_000n);
      for (const one of shares) expect(BigInt(one.share)).toBeLessThanOrEqual(DEPENDENCY_CAP);
      expect(divideBudget([...list].reverse(), 'salt')).toEqual(shares);
    }),
  );
});
