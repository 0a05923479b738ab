import type { Bar } from './bars.ts';
import type { Forecast } from './forecast.ts';

/**
 * Foretells one performance, bar by bar. `observe` takes the bars in order, each once; `forecast(b, …)` may use only what
 * was observed before, the prior tables and, in the task *announced score*, which cells bar `b` will hit.
 */
export interface Forecaster {
  /** Name and version, such as `house-1`. */
  readonly id: string;
  observe(bar: Bar): void;
  /** `announced`: cells of the bar, ascending, or `null` in the task *live*. */
  forecast(barIndex: number, announced: readonly number[] | null): Forecast;
}
