/** Exchanges that are kept: 19 s at one each 150 ms. */
const WINDOW = 128;
/** A search by thirds so often leaves 0.6 of 2,000 ppm. */
const SEARCH_STEPS = 20;

/** A line between what two ways say of an offset, at a moment: the offset there, and how far the ways lie apart, µs. */
export interface Corridor {
  readonly middleUs: number;
  readonly widthUs: number;
}

/**
 * What the last exchanges of timestamps leave as possible for the offset of another clock. Each way only ever adds delay, so the
 * way out lies above the offset and the way back below it, and each way's shortest delay counts though they seldom fall into one
 * exchange: the shortest of n uniform delays errs by 1/(n+1) of their spread, the shortest round trip by its square root.
 */
export class ClockCorridor {
  readonly #outUs = new Float64Array(WINDOW);
  readonly #backUs = new Float64Array(WINDOW);
  readonly #takenUs = new Float64Array(WINDOW);
  #count = 0;
  /** Exchanges kept, at most 128: those before do not count any more. */
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Forgets all but the last `last`. */
  keepLast(last: number): void {
    this.#size = Math.min(this.#size, last);
  }

  /** `outUs`: came minus sent; `backUs`: returned minus left; each with its way's delay, and the offset added or taken away. */
  add(takenUs: number, outUs: number, backUs: number): void {
    const slot = this.#count++ % WINDOW;
    this.#size = Math.min(this.#size + 1, WINDOW);
    this.#outUs[slot] = outUs;
    this.#backUs[slot] = backUs;
    this.#takenUs[slot] = takenUs;
  }

  /** How long ago the oldest exchange was, µs; 0 without one. */
  spanUs(nowUs: number): number {
    if (this.#size === 0) return 0;
    return nowUs - (this.#takenUs[(this.#count - this.#size) % WINDOW] ?? nowUs);
  }

  /** Over the last `last` exchanges: the shortest round trip, and how much longer one is on average, µs. */
  roundTrips(last: number): { readonly leastUs: number; readonly spreadUs: number } {
    let [least, sum] = [Number.POSITIVE_INFINITY, 0];
    const size = Math.min(last, this.#size);
    for (let i = 1; i <= size; i++) {
      const slot = (this.#count - i) % WINDOW;
      const tripUs = (this.#outUs[slot] ?? 0) + (this.#backUs[slot] ?? 0);
      least = Math.min(least, tripUs);
      sum += tripUs;
    }
    return size === 0 ? { leastUs: 0, spreadUs: 0 } : { leastUs: least, spreadUs: sum / size - least };
  }

  /** At `nowUs`, by the last `last` exchanges, for an offset that grows by `rate`; an exchange loses `ageing` as it grows old. */
  at(nowUs: number, last: number, rate: number, ageing: number): Corridor {
    let [above, below] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 1; i <= Math.min(last, this.#size); i++) {
      const slot = (this.#count - i) % WINDOW;
      const ageUs = Math.max(0, nowUs - (this.#takenUs[slot] ?? 0));
      above = Math.min(above, (this.#outUs[slot] ?? 0) + (rate + ageing) * ageUs);
      below = Math.max(below, (rate - ageing) * ageUs - (this.#backUs[slot] ?? 0));
    }
    return { middleUs: (above + below) / 2, widthUs: above - below };
  }

  /**
   * The rate, within ± `rateMax`, for which the corridor over all exchanges is widest: the straight line that leaves both ways most
   * room, as a line of greatest margin does. The width is concave in the rate, so thirds find its top.
   */
  widestRate(nowUs: number, rateMax: number, ageing: number): number {
    let [low, high] = [-rateMax, rateMax];
    for (let step = 0; step < SEARCH_STEPS; step++) {
      const third = (high - low) / 3;
      const lower = this.at(nowUs, WINDOW, low + third, ageing).widthUs;
      const upper = this.at(nowUs, WINDOW, high - third, ageing).widthUs;
      if (lower < upper) low += third;
      else high -= third;
    }
    return (low + high) / 2;
  }
}
