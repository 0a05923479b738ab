import type { Bar, BarHit } from './bars.ts';
import type { Forecast } from './forecast.ts';

/**
 * Foretells one performance, bar by bar. `observe` takes the bars in order, each once; `forecast(b, …)` may use only what
 * was observed before, the prior tables and, in the task *announced score*, which cells bar `b` will hit.
 */
export interface Forecaster {
  /** Name and version, such as `house-1`. */
  readonly id: string;
  /** Counts up when a forecast given before would now be another, without a bar observed since. Absent: never. */
  readonly revision?: number;
  observe(bar: Bar): void;
  /** `announced`: cells of the bar, ascending, or `null` in the task *live*. */
  forecast(barIndex: number, announced: readonly number[] | null): Forecast;
}

/** Foretells one performance stroke by stroke, one sixteenth ahead (tier *hit*). */
export interface StrokeForecaster {
  readonly id: string;
  /** Strokes of one sixteenth, once it is over; `announced` as in {@link Forecaster}. */
  learn(barIndex: number, announced: readonly number[], hits: readonly BarHit[]): void;
  /** The bar with these cells is over; every stroke of it has been learnt. */
  endBar(announced: readonly number[]): void;
  /** Writes nine deciles of the offset, 0.1 ms, and of velocity for one announced cell. */
  forecast(
    barIndex: number,
    announced: readonly number[],
    cell: number,
    offsetTenthMs: Int16Array,
    velocity: Uint8Array,
  ): void;
}
