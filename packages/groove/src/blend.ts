import type { Bar } from './bars.ts';
import { DECILES, emptyForecast, type Forecast } from './forecast.ts';
import { CELLS } from './instruments.ts';
import { divideRounding } from './integers.ts';
import { type BarScore, scoreBar } from './score.ts';

/** Loss of the mean forecast, and of the mean without each owner group: the difference is what that group adds. */
export interface BlendScores {
  readonly all: BarScore;
  readonly without: readonly { readonly ownerGroup: string; readonly score: BarScore }[];
}

/** Sums of a set of forecasts, member by member. */
interface Sum {
  count: number;
  readonly hit: Float64Array;
  readonly offset: Float64Array;
  readonly velocity: Float64Array;
}

/** `null` forecasts are void. Each group counts once, as the mean of its hosts; deciles are averaged, in integers. */
export function blendScores(
  bar: Bar,
  groups: readonly string[],
  forecasts: readonly (Forecast | null)[],
): BlendScores | null {
  const perGroup = new Map<string, Sum>();
  forecasts.forEach((forecast, index) => {
    if (!forecast) return;
    const group = groups[index] ?? '';
    const sum = perGroup.get(group) ?? newSum();
    perGroup.set(group, sum);
    addTimes(sum, forecast, 1);
  });
  if (perGroup.size < 2) return null;
  const total = newSum();
  const means = [...perGroup].map(([ownerGroup, sum]) => ({ ownerGroup, mean: meanOf(sum) }));
  for (const { mean } of means) addTimes(total, mean, 1);
  const all = scoreBar(bar, meanOf(total));
  const without = means.map(({ ownerGroup, mean }) => {
    addTimes(total, mean, -1);
    const score = scoreBar(bar, meanOf(total));
    addTimes(total, mean, 1);
    return { ownerGroup, score };
  });
  return { all, without };
}

function newSum(): Sum {
  const deciles = CELLS * DECILES;
  return {
    count: 0,
    hit: new Float64Array(CELLS),
    offset: new Float64Array(deciles),
    velocity: new Float64Array(deciles),
  };
}

function addTimes(sum: Sum, forecast: Forecast, times: 1 | -1): void {
  sum.count += times;
  addAll(sum.hit, forecast.hitPermille, times);
  addAll(sum.offset, forecast.offsetTenthMs, times);
  addAll(sum.velocity, forecast.velocity, times);
}

function addAll(into: Float64Array, from: ArrayLike<number>, times: 1 | -1): void {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + times * (from[i] ?? 0);
}

function meanOf(sum: Sum): Forecast {
  const mean = emptyForecast();
  for (let i = 0; i < CELLS; i++) mean.hitPermille[i] = divideRounding(sum.hit[i] ?? 0, sum.count);
  for (let i = 0; i < CELLS * DECILES; i++) {
    mean.offsetTenthMs[i] = divideRounding(sum.offset[i] ?? 0, sum.count);
    mean.velocity[i] = divideRounding(sum.velocity[i] ?? 0, sum.count);
  }
  return mean;
}
