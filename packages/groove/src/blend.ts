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

/** Each group as one forecast: the mean of its hosts', in integers; `null` forecasts are void. */
export function groupForecasts(
  groups: readonly string[],
  forecasts: readonly (Forecast | null)[],
): Map<string, Forecast> {
  const sums = new Map<string, Sum>();
  forecasts.forEach((forecast, index) => {
    if (forecast) addTo(sums, groups[index] ?? '', forecast);
  });
  return new Map([...sums].map(([group, sum]) => [group, meanOf(sum)]));
}

/** The mean of the voices, each voice the mean of its groups: who says the same counts once, however often it is said. */
export function blendScores(
  bar: Bar,
  said: ReadonlyMap<string, Forecast>,
  voices: ReadonlyMap<string, number>,
): BlendScores | null {
  if (said.size < 2) return null;
  const perVoice = new Map<number, Sum>();
  for (const [group, forecast] of said) addTo(perVoice, voices.get(group) ?? -1, forecast);
  const total = newSum();
  for (const sum of perVoice.values()) addTimes(total, meanOf(sum), 1);
  const all = scoreBar(bar, meanOf(total));
  const without = [...said].map(([ownerGroup, forecast]) => {
    const sum = perVoice.get(voices.get(ownerGroup) ?? -1) ?? newSum();
    const whole = meanOf(sum);
    addTimes(total, whole, -1);
    addTimes(sum, forecast, -1);
    const rest = sum.count > 0 ? meanOf(sum) : null;
    if (rest) addTimes(total, rest, 1);
    const score = scoreBar(bar, meanOf(total));
    if (rest) addTimes(total, rest, -1);
    addTimes(sum, forecast, 1);
    addTimes(total, whole, 1);
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

function addTo<Key>(sums: Map<Key, Sum>, key: Key, forecast: Forecast): void {
  const sum = sums.get(key) ?? newSum();
  sums.set(key, sum);
  addTimes(sum, forecast, 1);
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
