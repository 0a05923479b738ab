import type { Bar } from './bars.ts';
import { emptyForecast, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { HouseRates } from './house.ts';
import { CELLS } from './instruments.ts';
import type { Priors } from './priors.ts';
import { brier } from './score.ts';

/** Periods in bars that are watched for: phrases of up to eight bars. */
const PERIODS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
/** A cell that is surely hit, in 1/1000, and what the copy of an earlier bar says of it: it misses one time in fifty. */
const CERTAIN = 1000;
const COPIED = 980;

/** The running memory of bars at one phase of one period. */
interface Phase {
  /** 1/1000. */
  readonly last: Uint16Array;
  /** Exponentially weighted mean of the bars at this phase, each bar one half. */
  readonly mean: Uint16Array;
}

/** One way of saying which cells come next, and what it has lost so far. */
interface Expert {
  readonly say: (bar: number, into: Uint16Array) => void;
  loss: number;
}

/**
 * Which cells are hit, as anybody can tell who hears the performance itself: the house's rates, and for each period of up to eight bars
 * a copy and a running mean of the bars at the same place of the phrase; each bar by whichever lost least so far. Who is
 * paid for cells must beat it, so that an agreed pattern, or silence, brings nothing once it has been heard. Integers only.
 */
export function cellReference(priors: Priors): Forecaster {
  const rates = new HouseRates(priors);
  const phases = PERIODS.map(() => new Map<number, Phase>());
  const experts: Expert[] = [{ say: (_bar, into) => rates.write(into), loss: 0 }];
  for (const [place, period] of PERIODS.entries())
    for (const which of ['last', 'mean'] as const)
      experts.push({
        loss: 0,
        say: (bar, into) => {
          const heard = phases[place]?.get(bar % period);
          if (heard) into.set(heard[which]);
          else rates.write(into);
        },
      });
  const said = new Uint16Array(CELLS);
  let playing = false;
  return {
    id: 'cell-reference',
    observe(bar) {
      playing ||= bar.hits.length > 0;
      if (!playing) return;
      for (const expert of experts) {
        expert.say(bar.index, said);
        expert.loss += brier(bar, said);
      }
      rates.learn(bar);
      for (const [place, period] of PERIODS.entries()) remember(phases[place], bar.index % period, bar);
    },
    forecast(index): Forecast {
      const forecast = emptyForecast();
      experts.reduce((best, one) => (one.loss < best.loss ? one : best)).say(index, forecast.hitPermille);
      return forecast;
    },
  };
}

function remember(phases: Map<number, Phase> | undefined, phase: number, bar: Bar): void {
  if (!phases) return;
  const known = phases.get(phase);
  const { last, mean } = known ?? {
    last: new Uint16Array(CELLS),
    mean: new Uint16Array(CELLS).fill(CERTAIN / 2),
  };
  last.fill(CERTAIN - COPIED);
  for (const { cell } of bar.hits) last[cell] = COPIED;
  for (let cell = 0; cell < CELLS; cell++) mean[cell] = ((mean[cell] ?? 0) + (last[cell] ?? 0)) >> 1;
  phases.set(phase, { last, mean });
}
