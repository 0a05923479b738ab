import { assert } from '@jamnet/base';
import { barOfSixteenth, type Hit } from './bars.ts';
import { CELLS, cellOf, INSTRUMENTS } from './instruments.ts';
import { clamp, divideRounding } from './integers.ts';
import { LAPLACE_DECILES, offsetDecile, velocityDecile } from './laplace.ts';

/** [offset in µs, velocity in 1/1000]. */
export type Pair = readonly [number, number];

/** What the house knows before the first bar, from the `train` split of the Groove MIDI Dataset. All integers. */
export interface Priors {
  readonly mean: Pair;
  /** Per instrument. */
  readonly instrumentMean: readonly Pair[];
  /** Per cell, shrunk towards its instrument with the weight of 20 hits. */
  readonly cellMean: readonly Pair[];
  /** Share of bars that hit the cell, in 1/1 000 000. */
  readonly hitRatePpm: readonly number[];
  /** Deciles of a forecaster without memory: zero offset, mean velocity. 0.1 ms, and 1..127. */
  readonly naiveOffset: readonly number[];
  readonly naiveVelocity: readonly number[];
}

/** Weight of the instrument's mean in each cell's, in hits. */
const CELL_SHRINKAGE = 20;

interface Sum {
  count: number;
  offsetUs: number;
  velocityMilli: number;
}

/** Fits the prior tables on whole performances, each a list of hits ordered by sixteenth. */
export function fitPriors(performances: readonly (readonly Hit[])[]): Priors {
  const all = newSum();
  const perInstrument = INSTRUMENTS.map(newSum);
  const perCell = Array.from({ length: CELLS }, newSum);
  let bars = 0;
  for (const hits of performances) {
    bars += barSpan(hits);
    for (const hit of hits) {
      add(all, hit);
      for (const sum of [perInstrument[hit.instrument], perCell[cellOfHit(hit)]]) if (sum) add(sum, hit);
    }
  }
  assert(all.count > 0, 'priors need at least one hit');
  const mean: Pair = [divideRounding(all.offsetUs, all.count), divideRounding(all.velocityMilli, all.count)];
  const instrumentMean = perInstrument.map((sum): Pair => shrunk(sum, mean, sum.count === 0 ? 1 : 0));
  const cellMean = perCell.map((sum, cell) => shrunk(sum, instrumentMean[cell >> 4] ?? mean, CELL_SHRINKAGE));
  const hitRatePpm = perCell.map((sum) => divideRounding((2 * sum.count + 1) * 1_000_000, 2 * (bars + 1)));
  return { mean, instrumentMean, cellMean, hitRatePpm, ...naiveDeciles(performances, mean, all.count) };
}

function newSum(): Sum {
  return { count: 0, offsetUs: 0, velocityMilli: 0 };
}

function add(sum: Sum, hit: Hit): void {
  sum.count++;
  sum.offsetUs += hit.offsetUs;
  sum.velocityMilli += 1000 * hit.velocity;
}

function shrunk(sum: Sum, towards: Pair, weight: number): Pair {
  const count = sum.count + weight;
  return [
    divideRounding(sum.offsetUs + weight * towards[0], count),
    divideRounding(sum.velocityMilli + weight * towards[1], count),
  ];
}

function cellOfHit(hit: Hit): number {
  return cellOf(hit.instrument, hit.sixteenth & 15);
}

function barSpan(hits: readonly Hit[]): number {
  const [first, last] = [hits[0], hits.at(-1)];
  return first && last ? barOfSixteenth(last.sixteenth) - barOfSixteenth(first.sixteenth) + 1 : 0;
}

/** Laplace deciles about (0, mean velocity), their scale the mean absolute distance from there. */
function naiveDeciles(
  performances: readonly (readonly Hit[])[],
  mean: Pair,
  count: number,
): Pick<Priors, 'naiveOffset' | 'naiveVelocity'> {
  let [offset, velocity] = [0, 0];
  for (const hit of performances.flat()) {
    offset += Math.abs(hit.offsetUs);
    velocity += Math.abs(1000 * hit.velocity - mean[1]);
  }
  const [offsetScale, velocityScale] = [divideRounding(offset, count), divideRounding(velocity, count)];
  return {
    naiveOffset: LAPLACE_DECILES.map((z) => offsetDecile(0, z * offsetScale * 10)),
    naiveVelocity: LAPLACE_DECILES.map((z) => velocityDecile(mean[1], z * velocityScale * 10)),
  };
}

/** Prior probability of each cell in 1/1000, kept off certainty. */
export function priorPermille(priors: Priors): number[] {
  return priors.hitRatePpm.map((rate) => clamp(divideRounding(rate, 1000), 2, 998));
}
