const SAMPLES = 32;
/** Exchanges before the clock counts as agreed. */
const SAMPLES_NEEDED = 8;
/** Two clocks drift apart by at most this share while an exchange is kept. */
const DRIFT_MAX = 0.001;
const STEP_SLACK_US = 500;
/** What an exchange loses in trust as it ages: clocks of two machines seldom differ by more. */
const AGEING = 0.0003;

/**
 * Offset of the room's clock from ours by four timestamps (RFC 5905 §8), trusting among the last 32 exchanges the one that
 * can have erred least: queues only ever add delay, half of it at most is error, and what is old has drifted since.
 */
export class ClockSync {
  readonly #offsetsUs = new Float64Array(SAMPLES);
  readonly #roundTripsUs = new Float64Array(SAMPLES);
  readonly #takenUs = new Float64Array(SAMPLES);
  #count = 0;
  #wasAgreed = false;
  #best = -1;

  /** Takes one exchange: sent (our clock), came and left (room clock), returned (our clock). */
  sample(t0Us: number, t1Us: number, t2Us: number, t3Us: number): void {
    const roundTripUs = t3Us - t0Us - (t2Us - t1Us);
    if (roundTripUs < 0) return;
    const offsetUs = (t1Us - t0Us + (t2Us - t3Us)) / 2;
    if (this.#count > 0 && this.#isStepped(offsetUs, roundTripUs, t3Us)) this.#count = 0;
    const slot = this.#count % SAMPLES;
    this.#offsetsUs[slot] = offsetUs;
    this.#takenUs[slot] = t3Us;
    this.#roundTripsUs[slot] = roundTripUs;
    this.#count++;
    if (this.#count >= SAMPLES_NEEDED) this.#wasAgreed = true;
    this.#best = 0;
    for (let i = 1; i < Math.min(this.#count, SAMPLES); i++)
      if (this.#errorUs(i, t3Us) < this.#errorUs(this.#best, t3Us)) this.#best = i;
  }

  /** The most by which an exchange can be off at `nowUs`. */
  #errorUs(slot: number, nowUs: number): number {
    return (this.#roundTripsUs[slot] ?? 0) / 2 + AGEING * Math.abs(nowUs - (this.#takenUs[slot] ?? 0));
  }

  /** The true offset lies within half a round trip of each measured one: two that exclude each other mean a clock was set. */
  #isStepped(offsetUs: number, roundTripUs: number, nowUs: number): boolean {
    const ageUs = Math.abs(nowUs - (this.#takenUs[this.#best] ?? 0));
    const allowedUs = (roundTripUs + this.roundTripUs) / 2 + STEP_SLACK_US + ageUs * DRIFT_MAX;
    return Math.abs(offsetUs - this.offsetUs) > allowedUs;
  }

  get isAgreed(): boolean {
    return this.#wasAgreed || this.#count >= SAMPLES_NEEDED;
  }

  /** Room time minus our time, µs; 0 before the first exchange. */
  get offsetUs(): number {
    return this.#best < 0 ? 0 : (this.#offsetsUs[this.#best] ?? 0);
  }

  /** Round trip of the exchange that is trusted, µs: twice the largest error that the offset can have. */
  get roundTripUs(): number {
    return this.#best < 0 ? 0 : (this.#roundTripsUs[this.#best] ?? 0);
  }
}
