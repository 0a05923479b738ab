import { assert } from '@jamnet/base';

/** Points of one space: row by row, `dimensions` values each, and a class for each row. Integers: the same distances everywhere. */
export interface LabelledPoints {
  readonly dimensions: number;
  readonly values: Int16Array;
  readonly labels: readonly number[];
}

/** Distances of one valuation: memory for one test point's, time for all of them. */
export const SHAPLEY_POINTS_MAX = 65_536;
/** Shares are computed in this unit; like the distances they are sorted by, in integers. */
export const SHAPLEY_UNIT = 1_000_000_000n;

/**
 * What each training point adds to a K-nearest-neighbour classifier's score on the test points: exact Shapley values in O(n log n) a
 * test point (Jia, Dao, Wang, Hubis, Gurel, Li, Zhang, Spanos, Song: Efficient Task-Specific Data Valuation for Nearest Neighbor
 * Algorithms, PVLDB 12(11) 2019, theorem 1): from the farthest, s_N = 1[y_N = y] ⁄ K · min(K, N) ⁄ N, inwards
 * s_i = s_(i+1) + (1[y_i = y] − 1[y_(i+1) = y]) ⁄ K · min(K, i) ⁄ i. Answers sums over the test points in units of {@link SHAPLEY_UNIT}
 * per test point; each division rounds towards zero, by less than one unit a neighbour. Equal distances go by the order of rows.
 */
export function knnShapley(train: LabelledPoints, test: LabelledPoints, k: number): bigint[] {
  const { dimensions } = train;
  const [count, tests] = [train.labels.length, test.labels.length];
  assert(k >= 1 && dimensions === test.dimensions, 'a neighbour at least, and one space for both');
  assert(dimensions <= 2 ** 21, 'sums that a double holds exactly');
  assert(count <= SHAPLEY_POINTS_MAX && tests <= SHAPLEY_POINTS_MAX, 'as many points as a valuation takes');
  const values = new Array<bigint>(count).fill(0n);
  const distances = new Float64Array(count);
  const order = Array.from({ length: count }, (_, i) => i);
  for (let t = 0; t < tests; t++) {
    for (let i = 0; i < count; i++) distances[i] = distance(train.values, i, test.values, t, dimensions);
    order.sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b);
    addShares(values, order, (row) => train.labels[row] === test.labels[t], k);
  }
  return values;
}

/** One test point's shares, from the farthest row inwards. */
function addShares(
  values: bigint[],
  order: readonly number[],
  agrees: (row: number) => boolean,
  k: number,
): void {
  const count = order.length;
  let share = 0n;
  for (let i = count; i >= 1; i--) {
    const row = order[i - 1] ?? 0;
    if (i === count) share = agrees(row) ? (SHAPLEY_UNIT * BigInt(Math.min(k, i))) / BigInt(k * i) : 0n;
    else {
      const step = Number(agrees(row)) - Number(agrees(order[i] ?? 0));
      share += (BigInt(step) * SHAPLEY_UNIT * BigInt(Math.min(k, i))) / BigInt(k * i);
    }
    values[row] = (values[row] ?? 0n) + share;
  }
}

/** Squared, exact: below 2³² for each of at most 2²¹ dimensions. */
function distance(a: Int16Array, i: number, b: Int16Array, j: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = (a[i * dimensions + d] ?? 0) - (b[j * dimensions + d] ?? 0);
    sum += difference * difference;
  }
  return sum;
}
