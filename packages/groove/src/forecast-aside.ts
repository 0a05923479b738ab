import type { Bar } from './bars.ts';
import { DECILES, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { house2 } from './house2.ts';
import type { Priors } from './priors.ts';

/** Who foretells elsewhere, in another thread: asked and never waited for. */
export interface ForecasterElsewhere {
  /** A bar that this forecaster observed. */
  tell(bar: Bar): void;
  /** The next bar as it was foretold after one that was told, or `null` while nothing more has come. */
  take(): ForetoldBar | null;
}

export interface ForetoldBar {
  readonly barIndex: number;
  readonly forecast: Forecast;
}

/** Bars told and not answered, after which nothing more is told: elsewhere nobody is quick enough, or there any more. */
export const UNANSWERED_MAX = 8;

/**
 * A forecaster for a thread that may not wait: `house-2` at once, and what is foretold elsewhere from when it has come. A bar for which
 * that comes late, or after bars of rest, stays `house-2`'s.
 */
export class ForecastAside implements Forecaster {
  readonly id = 'house-2, then elsewhere';
  readonly #house: Forecaster;
  readonly #elsewhere: ForecasterElsewhere;
  #unanswered = 0;
  #hasGivenUp = false;
  #newest: ForetoldBar | null = null;
  #revision = 0;

  constructor(priors: Priors, elsewhere: ForecasterElsewhere) {
    this.#house = house2(priors);
    this.#elsewhere = elsewhere;
  }

  get revision(): number {
    for (let came = this.#elsewhere.take(); came !== null; came = this.#elsewhere.take()) {
      this.#unanswered--;
      this.#newest = came;
      this.#revision++;
    }
    return this.#revision;
  }

  observe(bar: Bar): void {
    this.#house.observe(bar);
    // One bar left out would make all that follows another performance: once it has stopped it stays so.
    this.#hasGivenUp ||= this.#unanswered >= UNANSWERED_MAX;
    if (this.#hasGivenUp) return;
    this.#unanswered++;
    this.#elsewhere.tell(bar);
  }

  /** Which cells are hit is `house-2`'s in any case. */
  forecast(barIndex: number, announced: readonly number[] | null): Forecast {
    const forecast = this.#house.forecast(barIndex, announced);
    if (announced === null || this.#newest?.barIndex !== barIndex) return forecast;
    const { offsetTenthMs, velocity } = this.#newest.forecast;
    for (const cell of announced)
      for (let at = cell * DECILES; at < (cell + 1) * DECILES; at++) {
        forecast.offsetTenthMs[at] = offsetTenthMs[at] ?? 0;
        forecast.velocity[at] = velocity[at] ?? 64;
      }
    return forecast;
  }
}
