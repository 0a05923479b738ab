import { BARS_MAX, type BarHit, barOfSixteenth } from './bars.ts';
import { DECILES, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { barLineUs, type Grid, nearestSixteenth, sixteenthLengthUs, sixteenthUs } from './grid.ts';
import { cellOf, INSTRUMENTS, instrumentOfPitch, STEPS_PER_BAR } from './instruments.ts';
import { clamp } from './integers.ts';

/** A hit that is likely, with the pitch that this player last used for the drum. */
export interface ExpectedHit {
  readonly pitch: number;
  readonly velocity: number;
  readonly atUs: number;
}

/** More likely to be hit than not. */
const LIKELY_PERMILLE = 500;
/** The median among the nine deciles. */
const MEDIAN = 4;
const UNHEARD = -1;

/**
 * When the drums of a performance under way are likely to be hit: strokes go in as they are heard, the bars that are over
 * teach the forecaster, and the bar that runs is foretold from those before it. Bars of rest teach nothing: they do not say how
 * this drummer plays. Times are µs on the grid's clock; time may stand still or go back within a bar, never over a bar line.
 */
export class ExpectedHits {
  readonly #grid: Grid;
  readonly #forecaster: Forecaster;
  /** The pitch last heard of each drum; one that was never heard is not expected, whatever drummers do in general. */
  readonly #pitches = new Int16Array(INSTRUMENTS.length).fill(UNHEARD);
  /** Strokes of the bar that runs and the one that follows, by cell: the loudest counts. */
  #hits = new Map<number, BarHit>();
  #next = new Map<number, BarHit>();
  #bar = 0;
  /** Of the bar that runs, once it is asked for. */
  #forecast: Forecast | null = null;
  /** Of the forecaster, when it was asked. */
  #revision: number | undefined;
  /** Hits of the bar that runs which were still to come by the forecast before, and are over by this one: they come at once. */
  readonly #heldUs = new Map<number, number>();

  constructor(grid: Grid, forecaster: Forecaster) {
    this.#grid = grid;
    this.#forecaster = forecaster;
  }

  /** A stroke at the time at which it was played; pitches that are no drum, and bars that are over, are left out. */
  hear(pitch: number, atUs: number, velocity: number): void {
    const instrument = instrumentOfPitch(pitch);
    if (instrument === null) return;
    const { sixteenth, offsetUs } = nearestSixteenth(this.#grid, Math.round(atUs));
    const bar = barOfSixteenth(sixteenth);
    this.#closeUntil(bar - 1);
    const hits = bar === this.#bar ? this.#hits : bar === this.#bar + 1 ? this.#next : null;
    if (hits === null) return;
    this.#pitches[instrument] = pitch;
    const half = sixteenthLengthUs(this.#grid, sixteenth) >> 1;
    const cell = cellOf(instrument, sixteenth - bar * STEPS_PER_BAR);
    const hit = { cell, offsetUs: clamp(offsetUs, -half, half), velocity: clamp(velocity, 1, 127) };
    if ((hits.get(cell)?.velocity ?? 0) < hit.velocity) hits.set(cell, hit);
  }

  /** The likely hits in `[fromUs, toUs)`, of the bar that runs at `fromUs` and of the next one's first step, by time. */
  between(fromUs: number, toUs: number): ExpectedHit[] {
    const hits: ExpectedHit[] = [];
    this.#runTo(fromUs);
    for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++) {
      for (let step = 0; step <= STEPS_PER_BAR; step++) {
        const hit = this.#expected(instrument, step);
        if (hit !== null && hit.atUs >= fromUs && hit.atUs < toUs) hits.push(hit);
      }
    }
    return hits.sort((a, b) => a.atUs - b.atUs);
  }

  /** The next likely time of a drum from `fromUs` on, in the bar that runs then or on the line behind it; `null` when there is none. */
  nextUs(pitch: number, fromUs: number): number | null {
    const instrument = instrumentOfPitch(pitch);
    if (instrument === null) return null;
    this.#runTo(fromUs);
    let next: number | null = null;
    for (let step = 0; step <= STEPS_PER_BAR; step++) {
      const atUs = this.#expected(instrument, step)?.atUs ?? Number.NEGATIVE_INFINITY;
      if (atUs >= fromUs && (next === null || atUs < next)) next = atUs;
    }
    return next;
  }

  /** Step 16 is the next bar's first: who plays ahead of the beat strikes it before the line, while this bar still runs. */
  #expected(instrument: number, step: number): ExpectedHit | null {
    const cell = cellOf(instrument, step % STEPS_PER_BAR);
    const pitch = this.#pitches[instrument] ?? UNHEARD;
    if (pitch === UNHEARD || this.#bar >= BARS_MAX) return null;
    this.#forecast ??= likelyForecast(this.#forecaster, this.#bar);
    const atUs = this.#timeOf(this.#forecast, this.#bar, cell, step);
    if (atUs === null) return null;
    const velocity = this.#forecast.velocity[cell * DECILES + MEDIAN] ?? 64;
    return { pitch, velocity, atUs: this.#heldUs.get(placeOf(instrument, step)) ?? atUs };
  }

  #timeOf(forecast: Forecast, bar: number, cell: number, step: number): number | null {
    if ((forecast.hitPermille[cell] ?? 0) < LIKELY_PERMILLE) return null;
    const offsetUs = (forecast.offsetTenthMs[cell * DECILES + MEDIAN] ?? 0) * 100;
    return sixteenthUs(this.#grid, bar * STEPS_PER_BAR + step) + offsetUs;
  }

  /** `before`: what was foretold for `bar` until now; a hit must not fall between that and what is foretold from `fromUs` on. */
  #hold(before: Forecast, bar: number, fromUs: number): void {
    const next = likelyForecast(this.#forecaster, this.#bar);
    this.#forecast = next;
    const shift = (this.#bar - bar) * STEPS_PER_BAR;
    for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++)
      for (let step = 0; step + shift <= STEPS_PER_BAR; step++) {
        const cell = cellOf(instrument, step % STEPS_PER_BAR);
        const wasUs = this.#timeOf(before, bar, cell, step + shift);
        const isUs = this.#timeOf(next, this.#bar, cell, step);
        if (wasUs !== null && isUs !== null && wasUs >= fromUs && isUs < fromUs)
          this.#heldUs.set(placeOf(instrument, step), fromUs);
      }
  }

  /** A stroke of a bar may come up to half a sixteenth before its line, so the bar before it stays open until the line. */
  #runTo(atUs: number): void {
    const [before, bar] = [this.#forecast, this.#bar];
    while (this.#bar < BARS_MAX && atUs >= barLineUs(this.#grid, this.#bar + 1)) this.#close();
    const { revision } = this.#forecaster;
    if (revision !== this.#revision) this.#forecast = null;
    this.#revision = revision;
    if (before !== null && this.#forecast === null && this.#bar < BARS_MAX) this.#hold(before, bar, atUs);
  }

  #closeUntil(bar: number): void {
    while (this.#bar < Math.min(bar, BARS_MAX)) this.#close();
  }

  #close(): void {
    if (this.#hits.size > 0) this.#learn();
    this.#bar++;
    this.#hits = this.#next;
    this.#next = new Map();
    this.#heldUs.clear();
    this.#forecast = null;
  }

  #learn(): void {
    const hits = [...this.#hits.values()].sort(
      (a, b) => (a.cell % STEPS_PER_BAR) - (b.cell % STEPS_PER_BAR) || a.cell - b.cell,
    );
    this.#forecaster.observe({ index: this.#bar, hits });
  }
}

/** Of a bar with the next one's first step. */
function placeOf(instrument: number, step: number): number {
  return instrument * (STEPS_PER_BAR + 1) + step;
}

/** What is likely in the task *live*; when and how loud, as if it had been announced: there the trained model knows more. */
export function likelyForecast(forecaster: Forecaster, bar: number): Forecast {
  const { hitPermille } = forecaster.forecast(bar, null);
  const likely: number[] = [];
  for (const [cell, permille] of hitPermille.entries()) if (permille >= LIKELY_PERMILLE) likely.push(cell);
  return forecaster.forecast(bar, likely);
}
