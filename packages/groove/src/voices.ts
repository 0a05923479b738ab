import type { Bar } from './bars.ts';
import { DECILES, type Forecast } from './forecast.ts';
import type { Task } from './round-types.ts';

/** Bars that must have been heard before anything is said about who speaks with one voice. */
export const VOICES_BARS_MIN = 4;
/** 10 · a step of velocity weighs as 0.1 ms of offset in the pinball sums (/ 45 and / 450). */
const VELOCITY_WEIGHT = 10;
/** Square of the cosine between two groups' departures from the house from which on they are one voice: 4/5, a cosine of 0.89. */
const ALIKE = { numerator: 4n, denominator: 5n } as const;
/** Place of the median among a cell's deciles. */
const MEDIAN = 4;

/**
 * Which owner groups say the same, told from how their medians depart from the house's in the bars so far: a copy counts with
 * its original as one voice in the blend, so that neither copying nor copying with jitter adds anything to it. Noise of more
 * than half the original's own departure makes another voice of a copy, and a worse one.
 */
export class Voices {
  readonly #groups: readonly string[];
  readonly #task: Task;
  /** Σ over hits of x_g · x_h, group by group; x = departure from the house. Integers below 2⁵³: 7200 bars of 144 hits at ± 800 ms. */
  readonly #products: Float64Array;
  #bars = 0;

  constructor(groups: readonly string[], task: Task) {
    this.#task = task;
    this.#groups = [...new Set(groups)];
    this.#products = new Float64Array(this.#groups.length ** 2);
  }

  /** Learns from a bar that everybody has finished with; `said` gives each group's forecast, or none where it was void. */
  learn(bar: Bar, house: Forecast, said: ReadonlyMap<string, Forecast>): void {
    this.#bars++;
    const departures = this.#groups.map((group) => {
      const forecast = said.get(group);
      return forecast ? departuresOf(this.#task, bar, forecast, house) : [];
    });
    const count = this.#groups.length;
    for (let a = 0; a < count; a++)
      for (let b = a; b < count; b++) {
        const sum = product(departures[a] ?? [], departures[b] ?? []);
        this.#products[a * count + b] = (this.#products[a * count + b] ?? 0) + sum;
      }
  }

  /** The voice of each group, by number; `null` while too little was heard. */
  voices(): ReadonlyMap<string, number> | null {
    if (this.#bars < VOICES_BARS_MIN) return null;
    const voices = this.#groups.map((_, index) => index);
    for (let a = 0; a < voices.length; a++)
      for (let b = a + 1; b < voices.length; b++)
        if (this.#areAlike(a, b)) join(voices, voices[a] ?? a, voices[b] ?? b);
    return new Map(this.#groups.map((group, index) => [group, voices[index] ?? index]));
  }

  #areAlike(a: number, b: number): boolean {
    const count = this.#groups.length;
    const [own, other] = [this.#products[a * count + a] ?? 0, this.#products[b * count + b] ?? 0];
    // Who never departs from the house is the house.
    if (own === 0 || other === 0) return own === other;
    const common = this.#products[a * count + b] ?? 0;
    if (common <= 0) return false;
    return ALIKE.denominator * BigInt(common) ** 2n >= ALIKE.numerator * BigInt(own) * BigInt(other);
  }
}

/** On what is scored: medians where the bar has hits, or the probabilities of all cells. */
function departuresOf(task: Task, bar: Bar, own: Forecast, house: Forecast): number[] {
  if (task === 'live')
    return Array.from(own.hitPermille, (permille, cell) => permille - (house.hitPermille[cell] ?? 0));
  return bar.hits.flatMap(({ cell }) => {
    const at = cell * DECILES + MEDIAN;
    return [
      (own.offsetTenthMs[at] ?? 0) - (house.offsetTenthMs[at] ?? 0),
      VELOCITY_WEIGHT * ((own.velocity[at] ?? 0) - (house.velocity[at] ?? 0)),
    ];
  });
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

function join(voices: number[], into: number, from: number): void {
  for (const [index, voice] of voices.entries()) if (voice === from) voices[index] = into;
}
