import { present, seededChance } from '@jamnet/base';
import { type Bar, offsetTenthMs } from '../bars.ts';
import { DECILES, emptyForecast, type Forecast } from '../forecast.ts';
import type { Forecaster } from '../forecaster.ts';
import { CELLS, STEPS_PER_BAR } from '../instruments.ts';
import { clamp } from '../integers.ts';
import { settle } from '../settle.ts';
import { type GroupSettlement, SETTLEMENT_POLICY, type Standing } from '../settle-types.ts';
import { houseForecasts, type Player, recordOf } from './record.ts';

/** Deciles of the normal law of deviation 1, in 1/1000. */
const NORMAL = [-1282, -842, -524, -253, 0, 253, 524, 842, 1282];
/** Work of one performance in these tests. */
export const WORK_UNITS = 1000n;

/** Changes what the house says of each bar. */
export function altered(played: readonly Bar[], change: (forecast: Forecast) => void): Forecaster {
  return {
    id: 'altered',
    observe: () => {},
    forecast(index) {
      const { hitPermille, offsetTenthMs, velocity } = present(houseForecasts(played)[index], 'bar');
      const own = { hitPermille, offsetTenthMs: offsetTenthMs.slice(), velocity: velocity.slice() };
      change(own);
      return own;
    },
  };
}

/** Knows the drummer: the true mean of each cell, the true spread of 10 ms and 6 steps, times `sharpness`. */
export function insider(played: readonly Bar[], sharpness = 1, shiftTenthMs = 0): Forecaster {
  const known = emptyForecast();
  const hits = played.flatMap((bar) => bar.hits);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const cell of new Set(hits.map((hit) => hit.cell))) {
    const own = hits.filter((hit) => hit.cell === cell);
    const [offset, velocity] = [
      mean(own.map(offsetTenthMs)) + shiftTenthMs,
      mean(own.map((hit) => hit.velocity)),
    ];
    NORMAL.forEach((z, k) => {
      known.offsetTenthMs[cell * DECILES + k] = Math.round(offset + 0.1 * z * sharpness);
      known.velocity[cell * DECILES + k] = clamp(Math.round(velocity + 0.006 * z * sharpness), 1, 127);
    });
  }
  return { id: 'insider', observe: () => {}, forecast: () => known };
}

/** The house, each instrument's deciles moved together by a chance amount of up to 3 ms and 2 steps, anew for each bar. */
export function noisy(seed: string, played: readonly Bar[]): Forecaster {
  const chance = seededChance(seed);
  return altered(played, (forecast) => {
    for (let first = 0; first < CELLS * DECILES; first += STEPS_PER_BAR * DECILES) {
      const [offset, velocity] = [chance.below(61) - 30, chance.below(5) - 2];
      for (let k = first; k < first + STEPS_PER_BAR * DECILES; k++) {
        forecast.offsetTenthMs[k] = (forecast.offsetTenthMs[k] ?? 0) + offset;
        forecast.velocity[k] = clamp((forecast.velocity[k] ?? 0) + velocity, 1, 127);
      }
    }
  });
}

export const player = (node: string, forecaster: Forecaster, ownerGroup = `owner-${node}`): Player => ({
  node,
  ownerGroup,
  forecaster,
});
/** Settles one performance; answers the settlement of a group by its name. */
export function settled(
  players: readonly Player[],
  played: readonly Bar[],
  standings: ReadonlyMap<string, Standing> = new Map(),
  performerGroup = 'band',
) {
  const record = recordOf(played, players, performerGroup);
  const all = settle(SETTLEMENT_POLICY, { record, workUnits: WORK_UNITS, standings });
  return (group: string): GroupSettlement =>
    present(
      all.find((one) => one.ownerGroup === group),
      group,
    );
}

/** The same for performances of four performers, one after the other, so that something can be paid; answers the first and the last. */
export function settledForAll(players: () => readonly Player[], played: readonly Bar[]) {
  const names = [...new Set(players().map(({ ownerGroup }) => ownerGroup))];
  const first = settled(players(), played, new Map(), 'solo');
  let last = first;
  for (const performer of ['duo', 'trio', 'band']) {
    const standings = new Map(names.map((name) => [name, last(name).standing]));
    last = settled(players(), played, standings, performer);
  }
  return { first, last };
}
