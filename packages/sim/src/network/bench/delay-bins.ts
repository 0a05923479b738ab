const BIN_US = 5;
const BINS = 40_000;

/** Counts delays in bins of 5 µs up to 200 ms, without an object per delay. */
export class DelayBins {
  readonly #bins = new Uint32Array(BINS);
  count = 0;

  add(us: number): void {
    this.count++;
    const bin = us > 0 ? Math.min(BINS - 1, Math.floor(us / BIN_US)) : 0;
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
  }

  /** Upper edge of the bin below which the share `quantile` lies, ms. */
  quantileMs(quantile: number): number {
    let left = this.count * quantile;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#bins[bin] ?? 0;
      if (left <= 0) return ((bin + 1) * BIN_US) / 1000;
    }
    return (BINS * BIN_US) / 1000;
  }
}
