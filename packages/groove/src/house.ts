import type { Bar } from './bars.ts';
import { DECILES, emptyForecast, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { CELLS, INSTRUMENTS, instrumentOfCell } from './instruments.ts';
import { clamp, divideRounding } from './integers.ts';
import { writeOffsets, writeVelocities } from './laplace.ts';
import type { Priors } from './priors.ts';

/** A stroke as the house learns it. */
export interface LearntHit {
  readonly cell: number;
  readonly offsetUs: number;
  readonly velocity: number;
}

/** Weight of the prior mean in the performance's, of the performance's in the instrument's, in hits. */
const PERFORMANCE_SHRINKAGE = 8;
const INSTRUMENT_SHRINKAGE = 4;
/** Scales start as the mean of ten errors of 16 ms and 18 velocity steps. */
const SCALE_START_COUNT = 10;
const SCALE_START_US = 16_000;
const SCALE_START_MILLI = 18_000;
/** Factors of the scales, tenths: velocity errors are wider than their running mean says. */
const OFFSET_SCALE_TENTHS = 10;
const VELOCITY_SCALE_TENTHS = 11;

/** The two quantities the house foretells, both by the same rule. */
const QUANTITIES = [0, 1] as const;
type Quantity = (typeof QUANTITIES)[number];

/**
 * The state of `house-1` over one performance: a running mean in three levels (performance → instrument → cell), each
 * pulled towards the one above, in integers (µs; velocity in 1/1000). Frozen: skill is measured against it.
 */
export class HouseMeans {
  readonly #priors: Priors;
  readonly #total = new Float64Array(3);
  readonly #perInstrument = new Float64Array(3 * INSTRUMENTS.length);
  readonly #perCell = new Float64Array(3 * CELLS);
  readonly #error = [SCALE_START_COUNT * SCALE_START_US, SCALE_START_COUNT * SCALE_START_MILLI] as [
    number,
    number,
  ];
  /** What a cell's mean starts from beyond its prior mean, by instrument and quantity; anew after each stroke. */
  readonly #departures = new Float64Array(2 * INSTRUMENTS.length);
  readonly #cellMeans: Float64Array;
  #isStale = true;
  #learnt = 0;

  constructor(priors: Priors) {
    this.#priors = priors;
    this.#cellMeans = Float64Array.from(priors.cellMean.flat());
  }

  learn(hit: LearntHit): void {
    const instrument = instrumentOfCell(hit.cell);
    this.#error[0] += Math.abs(hit.offsetUs - this.centre(hit.cell, 0));
    this.#error[1] += Math.abs(1000 * hit.velocity - this.centre(hit.cell, 1));
    this.#learnt++;
    this.#isStale = true;
    addTo(this.#total, 0, hit);
    addTo(this.#perInstrument, 3 * instrument, hit);
    addTo(this.#perCell, 3 * hit.cell, hit);
  }

  /** Where the next hit of this cell is expected: offset in µs (0) or velocity in 1/1000 (1). */
  centre(cell: number, quantity: Quantity): number {
    if (this.#isStale) this.#depart();
    const departure = this.#departures[2 * instrumentOfCell(cell) + quantity] ?? 0;
    const level = (this.#cellMeans[2 * cell + quantity] ?? 0) + departure;
    const count = this.#perCell[3 * cell] ?? 0;
    if (count === 0) return level;
    return divideRounding((this.#perCell[3 * cell + 1 + quantity] ?? 0) + level, count + 1);
  }

  /** Mean absolute error so far: offset in µs (0) or velocity in 1/1000 (1). */
  scale(quantity: Quantity): number {
    return divideRounding(this.#error[quantity], SCALE_START_COUNT + this.#learnt);
  }

  #depart(): void {
    this.#isStale = false;
    const shifts = [this.#shift(0), this.#shift(1)] as const;
    for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++) {
      const count = this.#perInstrument[3 * instrument] ?? 0;
      for (const quantity of QUANTITIES) {
        const surplus =
          (this.#perInstrument[3 * instrument + 1 + quantity] ?? 0) -
          count * (this.#priors.instrumentMean[instrument]?.[quantity] ?? 0);
        const pulled = surplus + INSTRUMENT_SHRINKAGE * shifts[quantity];
        // Without a stroke of its own an instrument departs as the whole performance does.
        this.#departures[2 * instrument + quantity] = divideRounding(pulled, count + INSTRUMENT_SHRINKAGE);
      }
    }
  }

  /** How far the whole performance lies from the prior mean. */
  #shift(quantity: Quantity): number {
    const mean = this.#priors.mean[quantity];
    const sum = (this.#total[1 + quantity] ?? 0) + PERFORMANCE_SHRINKAGE * mean;
    return divideRounding(sum, (this.#total[0] ?? 0) + PERFORMANCE_SHRINKAGE) - mean;
  }
}

function addTo(sums: Float64Array, at: number, hit: LearntHit): void {
  sums[at] = (sums[at] ?? 0) + 1;
  sums[at + 1] = (sums[at + 1] ?? 0) + hit.offsetUs;
  sums[at + 2] = (sums[at + 2] ?? 0) + 1000 * hit.velocity;
}

/** How often each cell was hit: running rate, shrunk to the prior rate with the weight of a bar and a half. */
export class HouseRates {
  readonly #priors: Priors;
  readonly #count = new Float64Array(CELLS);
  #bars = 0;

  constructor(priors: Priors) {
    this.#priors = priors;
  }

  learn(bar: Bar): void {
    this.#bars++;
    for (const hit of bar.hits) this.#count[hit.cell] = (this.#count[hit.cell] ?? 0) + 1;
  }

  /** Probability of each cell in 1/1000, kept off certainty. */
  write(hitPermille: Uint16Array): void {
    const divisor = 1000 * (2 * this.#bars + 3);
    for (let cell = 0; cell < CELLS; cell++) {
      const sum = 2_000_000 * (this.#count[cell] ?? 0) + 3 * (this.#priors.hitRatePpm[cell] ?? 0);
      hitPermille[cell] = clamp(divideRounding(sum, divisor), 2, 998);
    }
  }
}

/** Writes the nine deciles of a cell's offset as `house-1` has them. */
export function writeOffsetDeciles(means: HouseMeans, cell: number, into: Int16Array, at: number): void {
  writeOffsets(means.centre(cell, 0), means.scale(0) * OFFSET_SCALE_TENTHS, into, at);
}

/** Writes the nine deciles of a cell's velocity as `house-1` has them. */
export function writeVelocityDeciles(means: HouseMeans, cell: number, into: Uint8Array, at: number): void {
  writeVelocities(means.centre(cell, 1), means.scale(1) * VELOCITY_SCALE_TENTHS, into, at);
}

/** The reference forecaster. Bars before the first hit are not counted: nobody was playing yet. */
export function house1(priors: Priors): Forecaster {
  const [means, rates] = [new HouseMeans(priors), new HouseRates(priors)];
  let playing = false;
  return {
    id: 'house-1',
    observe(bar) {
      playing ||= bar.hits.length > 0;
      if (!playing) return;
      rates.learn(bar);
      for (const hit of bar.hits) means.learn(hit);
    },
    forecast(): Forecast {
      const forecast = emptyForecast();
      rates.write(forecast.hitPermille);
      for (let cell = 0; cell < CELLS; cell++) {
        writeOffsetDeciles(means, cell, forecast.offsetTenthMs, DECILES * cell);
        writeVelocityDeciles(means, cell, forecast.velocity, DECILES * cell);
      }
      return forecast;
    },
  };
}
