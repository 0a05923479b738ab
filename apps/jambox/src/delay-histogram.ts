const BIN_US = 10;
const BINS = 50_000;
const TAIL_STEPS = 51;

/** Counts delays from 0 to 0.5 s in steps of 10 µs; longer ones fall into the last step. */
export class DelayHistogram {
  readonly #bins = new Uint32Array(BINS);
  #total = 0;

  add(delayUs: number): void {
    const bin = Math.max(0, Math.min(BINS - 1, Math.round(delayUs / BIN_US)));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#total++;
  }

  /** How many delays are longer than that. */
  countAbove(delayUs: number): number {
    let count = 0;
    for (let bin = Math.max(0, Math.ceil(delayUs / BIN_US)); bin < BINS; bin++) count += this.#bins[bin] ?? 0;
    return count;
  }

  /** How many delays are at least 0, 100, 200 … µs, up to 5 ms: a tail that can be sent on. */
  tailBy100Us(): number[] {
    return Array.from({ length: TAIL_STEPS }, (_, step) => this.countAbove(100 * step));
  }

  /** Smallest step below or in which at least a share `quantile` of the delays lies, ms; 0 without delays. */
  quantileMs(quantile: number): number {
    let left = Math.max(1, this.#total * quantile);
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#bins[bin] ?? 0;
      if (left <= 0) return this.#total === 0 ? 0 : (bin * BIN_US) / 1000;
    }
    return 0;
  }
}
