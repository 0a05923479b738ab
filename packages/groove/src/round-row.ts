import { present } from '@jamnet/base';
import { type Bar, offsetTenthMs } from './bars.ts';
import { blendScores, groupForecasts } from './blend.ts';
import { DECILES, type Forecast } from './forecast.ts';
import type { Entry } from './round-entry.ts';
import type { HostRow, RoundRow, ScoringPlan } from './round-types.ts';
import { type BarScore, brier, scoreBar } from './score.ts';
import type { Voices } from './voices.ts';

/** Closer than this a human does not play to a click or a forecast, except by chance: 1 ms. */
const NEAR_TENTH_MS = 10;

interface FinishedBar {
  readonly bar: Bar;
  readonly house1: Forecast;
  readonly house2: Forecast;
  /** In the task *live*. */
  readonly cellReference?: Forecast | null | undefined;
  readonly entries: readonly Entry[];
}

/** Scores a bar that everybody has finished with; the voices are those of the bars before, and then learn this one. */
export function rowOf(
  plan: ScoringPlan,
  voices: Voices,
  { bar, house1, house2, cellReference, entries }: FinishedBar,
): RoundRow {
  const house1Score = scoreBar(bar, house1);
  const charged = withCharge(house1Score, plan.voidChargePpm);
  const hosts = plan.hosts.map(({ node }, index): HostRow => {
    const entry = present(entries[index], 'entry of a host');
    const forecast = entry.void ? null : entry.forecast;
    return {
      node,
      void: entry.void,
      commitment: entry.commitment,
      score: forecast ? scoreBar(bar, forecast) : charged,
      nearMedian: forecast ? countNear(bar, forecast) : 0,
    };
  });
  const nearGrid = countNear(bar, null);
  const groups = plan.hosts.map((host) => host.ownerGroup);
  const heard = entries.map((entry, index) =>
    entry.void || groups[index] === plan.performerGroup ? null : entry.forecast,
  );
  const said = groupForecasts(groups, heard);
  const known = voices.voices();
  const blend = known && blendScores(bar, said, known);
  voices.learn(bar, house1, said);
  return {
    bar: bar.index,
    hits: bar.hits.length,
    nearGrid,
    house1: house1Score,
    house2: scoreBar(bar, house2),
    cellReference: cellReference ? brier(bar, cellReference.hitPermille) : 0,
    blend,
    hosts,
  };
}

/** The house's loss and a share more, rounded up. */
function withCharge(score: BarScore, chargePpm: number): BarScore {
  const charge = (loss: number): number => loss + Math.ceil((loss * chargePpm) / 1_000_000);
  return {
    ...score,
    timing: charge(score.timing),
    velocity: charge(score.velocity),
    cells: charge(score.cells),
  };
}

/** Hits within 1 ms of the forecast's median, or of the grid. */
function countNear(bar: Bar, forecast: Forecast | null): number {
  return bar.hits.filter((hit) => {
    const expected = forecast ? (forecast.offsetTenthMs[hit.cell * DECILES + 4] ?? 0) : 0;
    return Math.abs(offsetTenthMs(hit) - expected) < NEAR_TENTH_MS;
  }).length;
}
