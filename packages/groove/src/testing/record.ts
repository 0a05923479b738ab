import type { Bar } from '../bars.ts';
import { cellsOf } from '../bars.ts';
import type { Forecaster } from '../forecaster.ts';
import { house1 } from '../house.ts';
import { HOUSE_PRIORS } from '../house-priors.ts';
import { rowOf } from '../round-row.ts';
import type { RoundPlan, RoundRecord } from '../round-types.ts';
import { gridAt120 } from './drummer.ts';

export interface Player {
  readonly node: string;
  readonly ownerGroup: string;
  readonly forecaster: Forecaster;
}

/** The record that a round of honest answers would leave, without the messages (house-2 stands as house-1: unpaid). */
export function recordOf(
  bars: readonly Bar[],
  players: readonly Player[],
  performance = 'take',
): RoundRecord {
  const hosts = players.map(({ node, ownerGroup }) => ({ node, ownerGroup }));
  const shared = { performance, task: 'announced', performerGroup: 'band', hosts } as const;
  const plan: RoundPlan = {
    ...shared,
    bars,
    grid: gridAt120(),
    priors: HOUSE_PRIORS,
    holdLimitUs: 1,
    voidChargePpm: 0,
  };
  const everybody = [house1(HOUSE_PRIORS), ...players.map((player) => player.forecaster)];
  const rows = bars.flatMap((bar) => {
    const [house, ...own] = everybody.map((one) => one.forecast(bar.index, cellsOf(bar)));
    for (const one of everybody) one.observe(bar);
    if (bar.index === 0 || !house) return [];
    const entries = own.map((forecast) => ({ commitment: null, reveal: null, void: null, forecast }));
    return [rowOf(plan, { bar, house1: house, house2: house, entries })];
  });
  return { ...shared, rows };
}
