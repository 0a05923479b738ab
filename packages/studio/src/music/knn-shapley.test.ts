import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { knnShapley, type LabelledPoints, SHAPLEY_UNIT } from './knn-shapley.ts';

function drawn(seed: string, count: number): LabelledPoints {
  const chance = seededChance(seed);
  return {
    dimensions: 2,
    values: Int16Array.from({ length: 2 * count }, () => chance.below(2000) - 1000),
    labels: Array.from({ length: count }, () => chance.below(2)),
  };
}

/** How often the K nearest of a coalition have the test point's label, as the paper counts it: of K, also when fewer are there. */
function utility(train: LabelledPoints, test: LabelledPoints, rows: readonly number[], k: number): number {
  let sum = 0;
  test.labels.forEach((label, t) => {
    const away = (row: number) =>
      [0, 1].reduce(
        (total, d) => total + ((train.values[2 * row + d] ?? 0) - (test.values[2 * t + d] ?? 0)) ** 2,
        0,
      );
    const nearest = [...rows].sort((a, b) => away(a) - away(b) || a - b).slice(0, k);
    sum += nearest.filter((row) => train.labels[row] === label).length / k;
  });
  return sum;
}

/** Shapley's own definition: the mean gain over all orders of joining. */
function byDefinition(train: LabelledPoints, test: LabelledPoints, k: number): number[] {
  const shares = train.labels.map(() => 0);
  let orders = 0;
  const join = (joined: number[], left: number[]): void => {
    if (left.length === 0) orders++;
    for (const row of left)
      join(
        [...joined, row],
        left.filter((other) => other !== row),
      );
    const last = joined.at(-1);
    if (last === undefined) return;
    // Each prefix stands for as many orders as there are ways to go on.
    const ways = left.reduce((product, _, i) => product * (i + 1), 1);
    const gain = utility(train, test, joined, k) - utility(train, test, joined.slice(0, -1), k);
    shares[last] = (shares[last] ?? 0) + ways * gain;
  };
  join(
    [],
    train.labels.map((_, row) => row),
  );
  return shares.map((share) => share / orders);
}

test('the shares are those of the definition, over all orders in which takes could have come', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 7 }),
      (seed, count, k) => {
        const [train, probe] = [drawn(`${seed}/train`, count), drawn(`${seed}/test`, 2)];
        const expected = byDefinition(train, probe, k);
        knnShapley(train, probe, k).forEach((share, row) => {
          expect(Number(share) / Number(SHAPLEY_UNIT)).toBeCloseTo(expected[row] ?? 0, 7);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('all shares together are what the whole set is worth, to the rounding', () => {
  const [train, probe] = [drawn('many', 300), drawn('probe', 20)];
  const sum = knnShapley(train, probe, 5).reduce((total, share) => total + share, 0n);
  const worth = utility(
    train,
    probe,
    train.labels.map((_, row) => row),
    5,
  );
  expect(Math.abs(Number(sum) / Number(SHAPLEY_UNIT) - worth)).toBeLessThan(1e-4);
});

test('whoever misleads near a test point is worth less than nothing, who is far away hardly anything', () => {
  const train = { dimensions: 1, values: Int16Array.of(1, 2, 90), labels: [1, 0, 1] };
  const [right = 0n, wrong = 0n, far = 0n] = knnShapley(
    train,
    { dimensions: 1, values: Int16Array.of(0), labels: [1] },
    1,
  );
  expect(right).toBeGreaterThan(SHAPLEY_UNIT / 2n);
  expect(wrong).toBeLessThan(0n);
  expect(far).toBeLessThan(SHAPLEY_UNIT / 2n);
});

test('a space of other dimensions and no neighbours at all are mistakes of ours', () => {
  const point = { dimensions: 1, values: Int16Array.of(0), labels: [1] };
  expect(() => knnShapley(point, { dimensions: 2, values: Int16Array.of(0, 0), labels: [1] }, 1)).toThrow();
  expect(() => knnShapley(point, point, 0)).toThrow();
});
