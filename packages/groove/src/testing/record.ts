import { present } from '@jamnet/base';
import { type Bar, cellsOf } from '../bars.ts';
import { cellReference } from '../cell-reference.ts';
import type { Forecast } from '../forecast.ts';
import type { Forecaster } from '../forecaster.ts';
import { house1 } from '../house.ts';
import { HOUSE_PRIORS } from '../house-priors.ts';
import { newEntry } from '../round-entry.ts';
import { rowOf } from '../round-row.ts';
import type { RoundPlan, RoundRecord, Task } from '../round-types.ts';
import { Voices } from '../voices.ts';
import { gridAt120 } from './drummer.ts';

export interface Player {
  readonly node: string;
  readonly ownerGroup: string;
  readonly forecaster: Forecaster;
}

const heard = new WeakMap<readonly Bar[], readonly Forecast[]>();

/** What the house says of each bar of a performance, worked out once. */
export function houseForecasts(bars: readonly Bar[]): readonly Forecast[] {
  const known = heard.get(bars);
  if (known) return known;
  const house = house1(HOUSE_PRIORS);
  const forecasts = bars.map((bar) => {
    const forecast = house.forecast(bar.index, null);
    house.observe(bar);
    return forecast;
  });
  heard.set(bars, forecasts);
  return forecasts;
}

/** The record that a round of honest answers would leave, without the messages (house-2 stands as house-1: unpaid). */
export function recordOf(
  bars: readonly Bar[],
  players: readonly Player[],
  performerGroup = 'band',
  task: Task = 'announced',
): RoundRecord {
  const hosts = players.map(({ node, ownerGroup }) => ({ node, ownerGroup }));
  const shared = { performance: 'take', task, performerGroup, hosts } as const;
  const reference = cellReference(HOUSE_PRIORS);
  const plan: RoundPlan = {
    ...shared,
    bars,
    grid: gridAt120(),
    priors: HOUSE_PRIORS,
    holdLimitUs: 1,
    voidChargePpm: 0,
  };
  const voices = new Voices(
    hosts.map(({ ownerGroup }) => ownerGroup),
    task,
  );
  const rows = bars.slice(1).map((bar) => {
    const house = present(houseForecasts(bars)[bar.index], 'forecast of the house');
    reference.observe(present(bars[bar.index - 1], 'bar before'));
    const said = task === 'live' ? reference.forecast(bar.index, null) : null;
    const entries = players.map(({ forecaster }) => {
      forecaster.observe(present(bars[bar.index - 1], 'bar before'));
      return {
        ...newEntry(),
        forecast: forecaster.forecast(bar.index, task === 'live' ? null : cellsOf(bar)),
      };
    });
    return rowOf(plan, voices, { bar, house1: house, house2: house, cellReference: said, entries });
  });
  return { ...shared, rows };
}
