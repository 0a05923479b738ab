const SAMPLES = 32;
/** Exchanges before the clock counts as agreed. */
const SAMPLES_NEEDED = 8;

/**
 * Offset of the room's clock from ours by four timestamps (RFC 5905 §8), trusting the exchange with the least
 * round trip among the last 32: queues only ever add delay, so the quickest exchange erred least.
 */
export class ClockSync {
  readonly #offsetsUs = new Float64Array(SAMPLES);
  readonly #roundTripsUs = new Float64Array(SAMPLES);
  #count = 0;
  #best = -1;

  /** Takes one exchange: sent (our clock), came and left (room clock), returned (our clock). */
  sample(t0Us: number, t1Us: number, t2Us: number, t3Us: number): void {
    const roundTripUs = t3Us - t0Us - (t2Us - t1Us);
    if (roundTripUs < 0) return;
    const slot = this.#count % SAMPLES;
    this.#offsetsUs[slot] = (t1Us - t0Us + (t2Us - t3Us)) / 2;
    this.#roundTripsUs[slot] = roundTripUs;
    this.#count++;
    this.#best = 0;
    for (let i = 1; i < Math.min(this.#count, SAMPLES); i++) {
      if ((this.#roundTripsUs[i] ?? 0) < (this.#roundTripsUs[this.#best] ?? 0)) this.#best = i;
    }
  }

  get isAgreed(): boolean {
    return this.#count >= SAMPLES_NEEDED;
  }

  /** Room time minus our time, µs; 0 before the first exchange. */
  get offsetUs(): number {
    return this.#best < 0 ? 0 : (this.#offsetsUs[this.#best] ?? 0);
  }

  /** Least round trip in the window, µs: twice the largest error that the offset can have. */
  get roundTripUs(): number {
    return this.#best < 0 ? 0 : (this.#roundTripsUs[this.#best] ?? 0);
  }
}
