import { DECILES, emptyForecast, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { HouseMeans, HouseRates, type LearntHit, writeOffsetDeciles } from './house.ts';
import { CELLS } from './instruments.ts';
import { divideRounding } from './integers.ts';
import { writeVelocities } from './laplace.ts';
import type { Priors } from './priors.ts';

/**
 * Share of the newest stroke in a cell's velocity, tenths; of a cell's first stroke, against where `house-1` stood.
 * Chosen on the split `train` of the Groove MIDI Dataset, as are the two below.
 */
const NEWEST_TENTHS = 3;
const FIRST_TENTHS = 7;
/** Scale: mean error of this cell, which starts as so many hits of the performance's own scale. */
const CELL_SCALE_WEIGHT = 3;
const SCALE_TENTHS = 11;

/** Velocity of each cell as an exponentially weighted mean that starts where `house-1` would. */
export class VelocityTrace {
  readonly #means: HouseMeans;
  readonly #milli = new Float64Array(CELLS).fill(-1);
  readonly #error = new Float64Array(CELLS);
  readonly #count = new Float64Array(CELLS);

  constructor(means: HouseMeans) {
    this.#means = means;
  }

  centre(cell: number): number {
    const traced = this.#milli[cell] ?? -1;
    return traced < 0 ? this.#means.centre(cell, 1) : traced;
  }

  scale(cell: number): number {
    const sum = (this.#error[cell] ?? 0) + CELL_SCALE_WEIGHT * this.#means.scale(1);
    return divideRounding(sum, (this.#count[cell] ?? 0) + CELL_SCALE_WEIGHT);
  }

  /** Before the means learn the same stroke: it is judged by what was known. */
  learn({ cell, velocity }: LearntHit): void {
    const [centre, played] = [this.centre(cell), 1000 * velocity];
    const first = this.#count[cell] === 0;
    this.#milli[cell] =
      centre + divideRounding((first ? FIRST_TENTHS : NEWEST_TENTHS) * (played - centre), 10);
    this.#error[cell] = (this.#error[cell] ?? 0) + Math.abs(played - centre);
    this.#count[cell] = (this.#count[cell] ?? 0) + 1;
  }
}

/** `house-1` with velocities that follow the player: reported beside it, so that skill in velocity is not read too high. */
export function house2(priors: Priors): Forecaster {
  const [means, rates] = [new HouseMeans(priors), new HouseRates(priors)];
  const trace = new VelocityTrace(means);
  let playing = false;
  return {
    id: 'house-2',
    observe(bar) {
      playing ||= bar.hits.length > 0;
      if (!playing) return;
      rates.learn(bar);
      for (const hit of bar.hits) {
        trace.learn(hit);
        means.learn(hit);
      }
    },
    forecast(): Forecast {
      const forecast = emptyForecast();
      rates.write(forecast.hitPermille);
      for (let cell = 0; cell < CELLS; cell++) {
        writeOffsetDeciles(means, cell, forecast.offsetTenthMs, DECILES * cell);
        const scale = trace.scale(cell) * SCALE_TENTHS;
        writeVelocities(trace.centre(cell), scale, forecast.velocity, DECILES * cell);
      }
      return forecast;
    },
  };
}
