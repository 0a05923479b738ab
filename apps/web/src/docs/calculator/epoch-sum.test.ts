import { describe, expect, test } from 'vitest';
import { type EpochWish, sumEpoch } from './epoch-sum.ts';

const NONE = { music: 0n, code: 0n, compute: 0n, curation: 0n };
const wish: EpochWish = {
  streamCents: { subscription: 1_001n, hardware: 17_900n, storage: 0n },
  valueCents: 2_400_000_000n,
  fullyDilutedUnits: 12_000_000n,
  merit: {
    Ada: { ...NONE, music: 1n },
    Bo: { ...NONE, music: 3n, code: 1n, compute: 1n },
    Cy: { ...NONE, curation: 1n },
  },
};

function sumOf(change: Partial<EpochWish> = {}) {
  const sum = sumEpoch({ ...wish, ...change });
  if (!sum.ok) throw new Error(`${sum.code}: ${sum.message}`);
  return sum.value;
}

describe('the calculator’s epoch', () => {
  test('gives back half of the revenue, rounded up, at the price of the valuation, to the unit', () => {
    const sum = sumOf();
    expect(sum).toMatchObject({ revenueCents: 18_901n, shareCents: 9_451n, carriedCents: 0n });
    // $94.51 at $2 a unit.
    expect(sum.issuedMicroJam).toBe(47_255_000n);
    expect(sum.people.reduce((all, { microJam }) => all + microJam, 0n)).toBe(sum.issuedMicroJam);
  });

  test('divides each kind by its merit: three parts of music to one', () => {
    const merit = {
      ...wish.merit,
      Bo: { ...NONE, music: 3n },
      Cy: { ...NONE, code: 1n, compute: 1n, curation: 1n },
    };
    const [ada, bo] = sumOf({ merit }).people;
    expect(Number(bo?.microJam) / Number(ada?.microJam)).toBeCloseTo(3, 6);
  });

  test('carries the money of a kind that nobody contributed to', () => {
    const sum = sumOf({ merit: { ...wish.merit, Cy: NONE } });
    expect(sum.carriedCents).toBe(945n);
    expect(sum.people.find(({ person }) => person === 'Cy')?.microJam).toBe(0n);
  });

  test.each([
    ['no revenue', { streamCents: {} }, 'revenue-missing'],
    ['a studio worth nothing', { valueCents: 0n }, 'valuation-malformed'],
    ['no units', { fullyDilutedUnits: 0n }, 'valuation-malformed'],
    [
      'merit beyond any real one',
      { merit: { ...wish.merit, Ada: { ...NONE, music: 10n ** 13n } } },
      'contribution-malformed',
    ],
  ])('refuses %s by its code', (_, change, code) => {
    expect(sumEpoch({ ...wish, ...change })).toMatchObject({ ok: false, code });
  });
});
