// realtime
const BIN_US = 125;
const BINS = 1600;
/** Observations after which old ones weigh half: 2.7 s of 64-frame packets. */
const HALVE_AFTER = 2048;

/** Forgetting histogram of how long after its first sample a packet became playable, 0–200 ms. */
export class Lateness {
  readonly #bins = new Float64Array(BINS);
  #total = 0;

  observe(latenessUs: number): void {
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor(latenessUs / BIN_US)));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#total++;
    if (this.#total >= HALVE_AFTER) this.#halve();
  }

  get observations(): number {
    return this.#total;
  }

  /** Upper edge of the bin below which a share `quantile` of the observations lies, µs; 0 without observations. */
  quantileUs(quantile: number): number {
    let left = this.#total * quantile;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#bins[bin] ?? 0;
      if (left <= 0) return this.#total === 0 ? 0 : (bin + 1) * BIN_US;
    }
    return BINS * BIN_US;
  }

  #halve(): void {
    this.#total /= 2;
    for (let bin = 0; bin < BINS; bin++) this.#bins[bin] = (this.#bins[bin] ?? 0) / 2;
  }
}
