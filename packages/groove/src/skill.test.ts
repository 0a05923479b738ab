import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideRounding, divideRoundingBig, rootRoundingUp } from './integers.ts';
import { addTallies, NO_SKILL, skillLowerPpm, skillPpm, studentPermille, tallyOfBlock } from './skill.ts';

describe('integers', () => {
  test('both roundings agree with each other, halves up', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        expect(divideRoundingBig(BigInt(a), BigInt(b))).toBe(BigInt(divideRounding(a, b)));
      }),
    );
    expect([divideRounding(1, 2), divideRounding(-1, 2), divideRounding(-3, 2)]).toEqual([1, 0, -1]);
  });

  test('the root is the least integer whose square is enough', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1n << 200n }), (value) => {
        const root = rootRoundingUp(value);
        expect(root * root >= value && (root - 1n) * (root - 1n) < value).toBe(true);
      }),
    );
  });
});

describe('skill', () => {
  const tallyOf = (losses: readonly (readonly [number, number])[]) =>
    losses
      .map(([own, house]) => tallyOfBlock([{ own: BigInt(own), house: BigInt(house) }], 8))
      .reduce(addTallies, NO_SKILL);

  test('is one minus the ratio of the sums', () => {
    expect(
      skillPpm(
        tallyOf([
          [80, 100],
          [100, 100],
        ]),
      ),
    ).toBe(100_000n);
  });

  test('of two quantities is the mean of both', () => {
    const tally = tallyOfBlock(
      [
        { own: 90n, house: 100n },
        { own: 5n, house: 10n },
      ],
      8,
    );
    expect(skillPpm(tally)).toBe(300_000n);
  });

  test('without a loss of the house there is none', () => expect(skillPpm(tallyOf([[1, 0]]))).toBeNull());

  test('has no bound from a single block', () => expect(skillLowerPpm(tallyOf([[1, 100]]))).toBeNull());

  test('does not depend on the order of the blocks', () => {
    const losses = [
      [80, 100],
      [120, 90],
      [7, 11],
    ] as const;
    expect(tallyOf([...losses].reverse())).toEqual(tallyOf(losses));
  });

  test('a host that is the house has skill 0 and a bound that is not above 0', () => {
    const same = tallyOf(Array.from({ length: 50 }, (_, index) => [100 + index, 100 + index] as const));
    expect(skillPpm(same)).toBe(0n);
    expect(skillLowerPpm(same)).toBeLessThanOrEqual(0n);
  });

  test('the bound lies below the true skill in about 95 of 100 windows, by 4,000 windows of 13 blocks', () => {
    const chance = seededChance('coverage');
    const noise = () => chance.unit() + chance.unit() + chance.unit() + chance.unit() - 2;
    let below = 0;
    for (let window = 0; window < 4000; window++) {
      const blocks = Array.from({ length: 13 }, () => {
        const house = 100_000 + Math.round(30_000 * noise());
        return [Math.round(house * 0.95 + 8000 * noise()), house] as const;
      });
      if ((skillLowerPpm(tallyOf(blocks)) ?? 0n) <= 50_000n) below++;
    }
    expect(below / 4000).toBeGreaterThan(0.935);
    expect(below / 4000).toBeLessThan(0.97);
  });

  test("Student's quantiles, against the printed table", () => {
    const printed: [bigint, number][] = [
      [1n, 6.314],
      [3n, 2.353],
      [4n, 2.132],
      [10n, 1.812],
      [30n, 1.697],
      [120n, 1.658],
    ];
    for (const [degrees, value] of printed) {
      expect(Number(studentPermille(degrees)) / 1000).toBeGreaterThanOrEqual(value - 0.001);
      expect(Number(studentPermille(degrees)) / 1000).toBeLessThan(value + 0.005);
    }
  });
});
