import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contribution, epochInput, payeeId, receipt, use } from '../../testing/sample-input.ts';
import { closeEpoch } from '../epoch/close-epoch.ts';
import { monthNamed } from '../records/calendar.ts';
import { csvText } from './csv.ts';
import { checkDisplayName } from './display-name.ts';
import { epochFigures } from './epoch-figures.ts';
import { type JournalLeaf, movementsOf } from './movements.ts';
import { rankCorrelationPpm } from './rank-correlation.ts';
import { taxYear, threshold1099Cents } from './tax-year.ts';

const A = payeeId(1);
const B = payeeId(2);

test.each([
  [
    'the same order is 1',
    [
      [1n, 10n],
      [2n, 20n],
      [3n, 30n],
    ],
    1_000_000n,
  ],
  [
    'the opposite order is −1',
    [
      [1n, 30n],
      [2n, 20n],
      [3n, 10n],
    ],
    -1_000_000n,
  ],
  // Ranks 1 2 3 4 and 2 1 4 3: 1 − 6·4/(4·15) = 0.6.
  [
    'two swapped pairs are 0.6',
    [
      [1n, 2n],
      [2n, 1n],
      [3n, 4n],
      [4n, 3n],
    ],
    600_000n,
  ],
  // Ties share mean ranks: (1, 2.5, 2.5, 4) against (1, 2, 3, 4) = 4.5/√(4.5·5).
  [
    'ties share their places',
    [
      [1n, 1n],
      [2n, 2n],
      [2n, 3n],
      [4n, 4n],
    ],
    948_683n,
  ],
  [
    'two pairs tell nothing',
    [
      [1n, 1n],
      [2n, 2n],
    ],
    null,
  ],
  [
    'one side that never differs tells nothing',
    [
      [1n, 1n],
      [1n, 2n],
      [1n, 3n],
    ],
    null,
  ],
] as const)('rank correlation: %s', (_, pairs, ppm) => {
  expect(rankCorrelationPpm(pairs)).toBe(ppm);
});

test('rank correlation stays within ±1 and does not depend on order or scale', () => {
  const pair = fc.tuple(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 50n }));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 40 }), (pairs) => {
      const ppm = rankCorrelationPpm(pairs);
      expect(ppm === null || (ppm <= 1_000_000n && ppm >= -1_000_000n)).toBe(true);
      expect(rankCorrelationPpm([...pairs].reverse())).toBe(ppm);
      expect(rankCorrelationPpm(pairs.map(([x, y]) => [x * 7n + 3n, y]))).toBe(ppm);
    }),
  );
});

test('figures come from the public file alone and agree with what the close paid', () => {
  const contributions = [1, 2, 3, 4].map((n) =>
    contribution(n, { kind: n < 4 ? 'music' : 'compute', merit: BigInt(n) }),
  );
  const closed = closeEpoch(
    epochInput({
      contributions,
      receipts: [
        receipt(1, { amountCents: 2_000n }),
        receipt(2, { amountCents: 8_000n }),
        receipt(3, { stream: 'hardware', amountCents: 9_900n }),
      ],
      uses: [use(1, { principal: 'payer-1', contribution: contributions[0]?.id ?? '' })],
    }),
  );
  if (!closed.ok) throw new Error(closed.message);
  const figures = epochFigures(closed.value.publicEpoch);
  if (!figures.ok) throw new Error(figures.message);
  const { paid, ...rest } = figures.value;
  expect(rest).toMatchObject({
    revenueCents: 19_900n,
    recurringCents: 10_000n,
    shareCents: 9_950n,
    participants: 4,
    operators: 1,
  });
  expect(
    [...paid].sort((a, b) => (a.payee < b.payee ? -1 : 1)).map(({ payee, microJam }) => [payee, microJam]),
  ).toEqual(closed.value.payments.map(({ payee, microJam }) => [payee, microJam]));
  for (const { microJam, byKind } of paid)
    expect(Object.values(byKind).reduce((sum, part) => sum + part, 0n)).toBe(microJam);
  // Music alone was paid by use and by merit: merits 1 2 3 against money that favours the first.
  expect(rest.correlation).toMatchObject({ kinds: ['music'], pairs: 3 });
  expect(rest.correlation.ppm).not.toBeNull();
});

const FORMULAS = [
  '=1+1',
  '+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  ' =1',
  '\u00a0=1',
  '＝1',
  '=HYPERLINK("http://x";"y")',
];
test.each(FORMULAS)('a spreadsheet does not run %j', (text) => {
  const [cell = ''] = csvText([[text, 'next']]).split(',next');
  expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
});

test('CSV keeps numbers as numbers, quotes what needs it and drops control characters', () => {
  expect(csvText([['-12.50', 'a,b', 'say "x"', 5n, null, 'l1\nl2', 'a\u0000b']])).toBe(
    '-12.50,"a,b","say ""x""",5,,"l1\nl2",ab\r\n',
  );
});

test.each([
  ['', false],
  ['   ', false],
  ['x'.repeat(61), false],
  ['a\u202eb', false],
  ['a\u200bb', false],
  ['a\nb', false],
  ['p0123456', false],
  ['Zoë & the <b>Bold</b>', true],
  ['山田', true],
] as const)('the name %j is accepted: %s', (name, accepted) => {
  expect(checkDisplayName(A, name).ok).toBe(accepted);
});

const AT = monthNamed('2026-05')?.startUs ?? 0n;
function entry(kind: string, legs: [string, bigint][], atUs = AT, key = kind): JournalLeaf {
  return {
    type: 'entry',
    state: 'posted',
    key,
    kind,
    acceptedAtUs: atUs,
    legs: legs.map(([account, amount]) => ({ account, amount })),
  };
}

test('a move within one person is none; what reaches outside is paid, what comes back is negative', () => {
  expect(
    movementsOf(
      entry('hold', [
        [`payee:${A}:JAM`, -5n],
        [`redeeming:${A}:JAM`, 5n],
      ]),
    ),
  ).toEqual([]);
  expect(
    movementsOf(
      entry('debit', [
        [`payable:${A}:USD`, -5n],
        [`paying:${A}:USD`, 5n],
      ]),
    ),
  ).toEqual([]);
  expect(
    movementsOf(
      entry('settle', [
        [`paying:${A}:USD`, -5n],
        ['outside:USD', 5n],
      ]),
    ),
  ).toMatchObject([{ payee: A, paidCents: 5n, claimCents: -5n }]);
  expect(
    movementsOf(
      entry('return', [
        ['outside:USD', -5n],
        [`payable:${A}:USD`, 5n],
      ]),
    ),
  ).toMatchObject([{ paidCents: -5n }]);
  expect(
    movementsOf({ ...entry('settle', [[`payee:${A}:JAM`, 5n]]), state: 'pending' } as JournalLeaf),
  ).toEqual([]);
});

const YEAR: JournalLeaf[] = [
  entry(
    'epoch-issue',
    [
      ['pool:JAM', -30_000_000n],
      [`payee:${A}:JAM`, 20_000_000n],
      [`escrow:${B}:JAM`, 10_000_000n],
    ],
    AT,
    'epoch:2026-04:issue:0',
  ),
  entry('epoch-cash', [
    ['reserve:USD', -700n],
    [`payable:${A}:USD`, 700n],
  ]),
  entry('redemption', [
    [`redeeming:${A}:JAM`, -4_000_000n],
    ['pool:JAM', 4_000_000n],
    ['reserve:USD', -800n],
    [`payable:${A}:USD`, 800n],
  ]),
  entry(
    'perk',
    [
      [`redeeming:${A}:JAM`, -2_000_000n],
      ['pool:JAM', 2_000_000n],
    ],
    AT,
    'perk:x:grant',
  ),
  entry('payout-settle', [
    [`paying:${A}:USD`, -250_000n],
    ['outside:USD', 250_000n],
  ]),
  entry(
    'payout-return',
    [
      ['outside:USD', -50_000n],
      [`payable:${A}:USD`, 50_000n],
    ],
    monthNamed('2026-08')?.startUs,
  ),
  entry('payout-debit', [
    [`payable:${A}:USD`, -257_600n],
    [`paying:${A}:USD`, 250_000n],
    [`withheld:${A}:USD`, 7_600n],
  ]),
  entry(
    'payout-settle',
    [
      [`paying:${A}:USD`, -99n],
      ['outside:USD', 99n],
    ],
    monthNamed('2027-01')?.startUs,
  ),
];
const PRICES = {
  priceOf: (key: string) => (key === 'epoch:2026-04:issue:0' ? { cents: 200n, units: 1n } : null),
  perkCentsOf: (key: string) => (key === 'perk:x:grant' ? 400n : null),
  fees: [{ payee: A, cents: 35n, atUs: AT }],
};

test('a tax year by payment counts settled cash and perks; by issue, units and claims when they arose', () => {
  const movements = YEAR.flatMap(movementsOf);
  const byPayment = taxYear(movements, { year: 2026, basis: 'payment', prices: PRICES });
  expect(byPayment.lines).toEqual([
    {
      payee: A,
      paidCents: [0n, 250_000n, -50_000n, 0n],
      payouts: [0, 1, 0, 0],
      withheldCents: 7_600n,
      feeCents: [0n, 35n, 0n, 0n],
      issuedMicroJam: 20_000_000n,
      issuedValueCents: 4_000n,
      claimCents: 700n,
      redeemedMicroJam: 6_000_000n,
      redeemedCents: 800n,
      perkCents: 400n,
      reportableCents: 208_000n,
      reaches1099: true,
    },
    expect.objectContaining({ payee: B, issuedValueCents: 2_000n, reportableCents: 0n, reaches1099: false }),
  ]);
  const byIssue = taxYear(movements, { year: 2026, basis: 'issue', prices: PRICES });
  expect(byIssue.lines.map(({ reportableCents }) => reportableCents)).toEqual([4_700n, 2_000n]);
});

test.each([
  [2025, 60_000n, false],
  [2026, 200_000n, false],
  [2027, 200_000n, true],
] as const)('the 1099-NEC threshold of %i is known', (year, cents, indexed) => {
  expect(threshold1099Cents(year)).toBe(cents);
  expect(taxYear([], { year, basis: 'payment', prices: PRICES }).thresholdIsIndexed).toBe(indexed);
});

test.each([
  [199_999n, false],
  [200_000n, true],
] as const)('case %#: a 1099-NEC is due from the threshold on', (cents, due) => {
  const settled = entry('payout-settle', [
    [`paying:${A}:USD`, -cents],
    ['outside:USD', cents],
  ]);
  const [line] = taxYear(movementsOf(settled), { year: 2026, basis: 'payment', prices: PRICES }).lines;
  expect(line?.reaches1099).toBe(due);
});
