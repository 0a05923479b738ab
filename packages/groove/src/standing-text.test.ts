import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Standing } from './settle-types.ts';
import { parseStanding, standingText } from './standing-text.ts';

const amount = fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n });
const standings: fc.Arbitrary<Standing> = fc.record({
  ownerGroup: fc.string(),
  tally: fc.record({
    blocks: amount,
    bars: amount,
    sums: fc.array(amount, { minLength: 4, maxLength: 4 }),
    products: fc.array(amount, { minLength: 16, maxLength: 16 }),
  }),
  creditMicroWork: amount,
  paidMicroWork: amount,
  performers: fc
    .array(fc.tuple(fc.string(), fc.record({ workUnits: amount, creditMicroWork: amount })), { maxLength: 9 })
    .map((entries) => new Map(entries)),
});

test('every standing is read back as it was stored', () => {
  fc.assert(
    fc.property(standings, (standing) => {
      expect(parseStanding(standingText(standing))).toEqual({ ok: true, value: standing });
    }),
  );
});

const stored = JSON.parse(
  standingText({
    ownerGroup: 'house',
    tally: { blocks: 1n, bars: 8n, sums: [1n, 2n, 3n, 4n], products: new Array<bigint>(16).fill(1n) },
    creditMicroWork: 5n,
    performers: new Map([['band', { workUnits: 1n, creditMicroWork: 5n }]]),
    paidMicroWork: 0n,
  }),
) as Record<string, unknown>;

test.each([
  ['no JSON', '{'],
  ['no object', 'null'],
  ['no owner', JSON.stringify({ ...stored, ownerGroup: 7 })],
  ['three sums', JSON.stringify({ ...stored, sums: ['1', '2', '3'] })],
  ['sums that are one text', JSON.stringify({ ...stored, sums: '1234' })],
  ['an amount with a fraction', JSON.stringify({ ...stored, creditMicroWork: '1.5' })],
  ['an amount that is empty', JSON.stringify({ ...stored, paidMicroWork: '' })],
  ['an amount that is no text', JSON.stringify({ ...stored, bars: 8 })],
  ['a performer without work', JSON.stringify({ ...stored, performers: [['band']] })],
])('%s is refused', (_name, text) => {
  expect(parseStanding(text)).toMatchObject({ ok: false, code: 'standing-malformed' });
});
