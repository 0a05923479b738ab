import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logWeight } from '../core/log-weight.ts';
import { divideByWeight, SHARE_PARTS } from '../core/shares.ts';
import { tallyPeople, type WeighedStatement } from '../core/weigh.ts';
import type { DependencyShare } from '../dependencies/divide-budget.ts';
import { divideEarnings, type Earning } from './divide-earnings.ts';
import { payeeOfIdentity, payeeOfPackages } from './pseudonyms.ts';

const PERSONS = ['ada', 'ben', 'cem', 'dan'];

interface Written {
  readonly tokens: number;
  readonly uses: number;
  readonly people: readonly string[];
}

const written: fc.Arbitrary<Written> = fc.record({
  tokens: fc.integer({ min: 1, max: 90 }),
  uses: fc.integer({ min: 0, max: 10_000 }),
  people: fc.subarray(PERSONS),
});

function weighed({ tokens, uses, people }: Written, n: number, isPaid = false): WeighedStatement {
  const weight = isPaid ? 0n : BigInt(Math.min(tokens, 60)) * logWeight(uses);
  const key = n.toString(16).padStart(32, '0');
  return { key, tokens, uses, weight, commit: 'c', people, places: [], isGated: false, isPaid };
}

function reportOf(statements: readonly WeighedStatement[], dependencies: readonly DependencyShare[]) {
  const tally = [...tallyPeople(statements)];
  const shares = divideByWeight(SHARE_PARTS, new Map(tally.map(([id, { weight }]) => [id, weight])), 'x');
  const people = tally.map(([id]) => ({
    id,
    name: id,
    emails: [],
    share: Number(shares.get(id)),
    statements: 1,
  }));
  return { people, dependencies, inputHash: 'x' };
}

function packagesOf(repository: string, share: number, funding: readonly string[] = []): DependencyShare {
  return { repository, packages: [`${repository}@1`], isDirect: true, uses: 1, share, funding };
}

const sumOf = (earnings: readonly Earning[]): bigint => earnings.reduce((sum, { merit }) => sum + merit, 0n);
const meritOf = (earnings: readonly Earning[], payee: string): bigint =>
  sumOf(earnings.filter(({ payees }) => payees.includes(payee)));

function earningsOf(
  statements: readonly WeighedStatement[],
  more: {
    dependencies?: readonly DependencyShare[];
    budgetPpm?: number;
    payeeOf?: (id: string) => string;
  } = {},
): Earning[] {
  const { dependencies = [], budgetPpm = 100_000, payeeOf = payeeOfIdentity } = more;
  const report = reportOf(statements, dependencies);
  return divideEarnings({ report, statements, dependencyBudgetPpm: budgetPpm, payeeOf });
}

test('the merits sum to the whole to the unit, or nobody earns', () => {
  const shares = fc.array(fc.integer({ min: 0, max: 200_000_000 }), { maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(written, { maxLength: 12 }),
      shares,
      fc.integer({ min: 0, max: 500_000 }),
      (all, parts, budgetPpm) => {
        const statements = all.map((one, n) => weighed(one, n));
        const dependencies = parts.map((share, n) => packagesOf(`git.example/${n}/x`, share));
        const earnings = earningsOf(statements, { dependencies, budgetPpm });
        const earns = statements.some(({ weight, people }) => weight > 0n && people.length > 0);
        expect(sumOf(earnings)).toBe(earns ? SHARE_PARTS : 0n);
        expect(earnings.every(({ merit }) => merit > 0n)).toBe(true);
      },
    ),
  );
});

test('what the epoch paid before is not paid again, and makes nothing else worth more', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(written, fc.boolean()), { minLength: 1, maxLength: 12 }), (all) => {
      const first = all.flatMap(([one, isEarly], n) => (isEarly ? [weighed(one, n)] : []));
      const second = all.map(([one, isEarly], n) => weighed(one, n, isEarly));
      const [before, after] = [sumOf(earningsOf(first)), sumOf(earningsOf(second))];
      const whole = sumOf(earningsOf(all.map(([one], n) => weighed(one, n))));
      // The second filing pays exactly the part that its new statements are of everything there is.
      const weights = (rows: readonly WeighedStatement[]): bigint =>
        rows.reduce((sum, { weight, people }) => (people.length === 0 ? sum : sum + weight), 0n);
      const total = weights(all.map(([one], n) => weighed(one, n)));
      expect(after).toBe(total === 0n ? 0n : (SHARE_PARTS * weights(second)) / total);
      if (before > 0n && after === whole) expect(weights(first)).toBe(0n);
    }),
  );
  const once = [weighed({ tokens: 9, uses: 5, people: ['ada'] }, 1, true)];
  expect(earningsOf(once)).toEqual([]);
});

test('identities of one payee are one, and split again when they are un-merged', () => {
  const rows = ['ada', 'ben'].map((name, n) => weighed({ tokens: 10, uses: 3, people: [name] }, n));
  const merged = `p${'a'.repeat(32)}`;
  expect(earningsOf(rows, { payeeOf: () => merged })).toEqual([
    { payees: [merged], merit: SHARE_PARTS, persons: ['ada', 'ben'], packages: null },
  ]);
  expect(earningsOf(rows).map(({ payees, merit }) => [payees, merit])).toEqual([
    [[payeeOfIdentity('ada')], SHARE_PARTS / 2n],
    [[payeeOfIdentity('ben')], SHARE_PARTS / 2n],
  ]);
});

test('packages get their part of the budget by repository, whatever address their manifests give; the rest is the authors’', () => {
  const rows = [weighed({ tokens: 10, uses: 3, people: ['ada'] }, 1)];
  const dependencies = [
    packagesOf('git.example/a/a', 200_000_000, ['https://fund.example/a', 'https://fund.example/b']),
    packagesOf('git.example/b/b', 100_000_000),
  ];
  const earnings = earningsOf(rows, { dependencies, budgetPpm: 100_000 });
  expect(meritOf(earnings, payeeOfPackages('git.example/a/a'))).toBe(20_000_000n);
  expect(meritOf(earnings, payeeOfPackages('git.example/b/b'))).toBe(10_000_000n);
  expect(meritOf(earnings, payeeOfIdentity('ada'))).toBe(970_000_000n);
});
