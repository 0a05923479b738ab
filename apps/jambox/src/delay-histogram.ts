/** Fine steps up to half a second, where music is played; coarse ones up to half a minute, where something is broken. */
const FINE_US = 10;
const FINE_BINS = 50_000;
const COARSE_US = 10_000;
const COARSE_BINS = 2_950;
const BINS = FINE_BINS + COARSE_BINS;
const TAIL_STEPS = 51;

/** Counts delays from 0 on in steps of 10 µs, from 0.5 s on of 10 ms; what is longer than 30 s falls into the last step. */
export class DelayHistogram {
  readonly #bins = new Uint32Array(BINS);
  #total = 0;

  add(delayUs: number): void {
    const bin = binOf(delayUs, Math.round(delayUs / FINE_US));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#total++;
  }

  /** How many delays are longer than that. */
  countAbove(delayUs: number): number {
    let count = 0;
    for (let bin = binOf(delayUs, Math.ceil(delayUs / FINE_US)); bin < BINS; bin++)
      count += this.#bins[bin] ?? 0;
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
      if (left <= 0) return this.#total === 0 ? 0 : usOf(bin) / 1000;
    }
    return 0;
  }
}

function binOf(delayUs: number, fine: number): number {
  if (fine < FINE_BINS) return Math.max(0, fine);
  return Math.min(BINS - 1, Math.floor(delayUs / COARSE_US) - (FINE_BINS * FINE_US) / COARSE_US + FINE_BINS);
}

function usOf(bin: number): number {
  return bin < FINE_BINS ? bin * FINE_US : FINE_BINS * FINE_US + (bin - FINE_BINS) * COARSE_US;
}
