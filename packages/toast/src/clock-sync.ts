import { ClockCorridor } from './clock-corridor.ts';

/** Exchanges before the clock counts as agreed: the worst of 300 simulated ways of 35 to 45 ms is then 1.9 ms off. */
const SAMPLES_NEEDED = 16;
/** Clocks of two machines drift apart by at most this share: each by RFC 5905's MAXFREQ, 500 ppm (§7.1). */
const RATE_MAX = 0.001;
/** A clock that was set shows at once where exchanges exclude each other by more than this and the drift. */
const STEP_SLACK_US = 500;
/** Before exchanges span so much they say less of the drift than crystals do, which seldom differ by more than 400 ppm. */
const RATE_FROM_US = 10e6;
const AGEING_EARLY = 0.0004;
/** What a drift that is known may change meanwhile: a crystal that warms up, a system clock that is slewed. */
const AGEING = 0.00002;
/** Exchanges that together show a clock that was set by less than half a round trip. */
const RECENT = 24;

/**
 * Offset of the room's clock from ours by four timestamps (RFC 5905 §8): half way between the two ways' shortest delays, with the
 * drift taken out once the exchanges show it. Ways of unequal least delay stay unseen: half their difference is error.
 */
export class ClockSync {
  readonly #corridor = new ClockCorridor();
  #wasAgreed = false;
  #offsetUs = 0;
  /** What the offset grows by in a µs of ours. */
  #rate = 0;
  #takenUs = 0;

  /** Takes one exchange: sent (our clock), came and left (room clock), returned (our clock). */
  sample(t0Us: number, t1Us: number, t2Us: number, t3Us: number): void {
    const [outUs, backUs] = [t1Us - t0Us, t3Us - t2Us];
    if (outUs + backUs < 0) return;
    const takenUs = (t0Us + t3Us) / 2;
    if (this.#excludes(outUs, backUs, t3Us)) this.#corridor.keepLast(0);
    this.#corridor.add(takenUs, outUs, backUs);
    if (this.#corridor.size >= SAMPLES_NEEDED) this.#wasAgreed = true;
    this.#estimate(t3Us);
  }

  #estimate(nowUs: number): void {
    const corridor = this.#corridor;
    const isLong = corridor.spanUs(nowUs) >= RATE_FROM_US;
    const ageing = isLong ? AGEING : AGEING_EARLY;
    this.#rate = isLong ? corridor.widestRate(nowUs, RATE_MAX, ageing) : 0;
    let { middleUs, widthUs } = corridor.at(nowUs, corridor.size, this.#rate, ageing);
    const recent = corridor.at(nowUs, RECENT, 0, AGEING_EARLY);
    // Older exchanges that narrow it by more than the ways' own spread speak of another clock: the last ones alone are heard.
    if (recent.widthUs - widthUs > corridor.roundTrips(RECENT).spreadUs + STEP_SLACK_US) {
      corridor.keepLast(RECENT);
      this.#rate = 0;
      ({ middleUs, widthUs } = recent);
    }
    this.#offsetUs = middleUs;
    this.#takenUs = nowUs;
  }

  /** The true offset lies between what both ways of an exchange say: where that is far from ours, a clock was set. */
  #excludes(outUs: number, backUs: number, nowUs: number): boolean {
    if (this.#corridor.size === 0) return false;
    const halfUs = (outUs + backUs + this.roundTripUs) / 2;
    const sinceUs = Math.abs(nowUs - this.#takenUs);
    const apartUs = Math.abs((outUs - backUs) / 2 - this.offsetAt(nowUs));
    return apartUs > halfUs + STEP_SLACK_US + RATE_MAX * sinceUs;
  }

  get isAgreed(): boolean {
    return this.#wasAgreed;
  }

  /** Room time minus our time at the last exchange, µs; 0 before the first. */
  get offsetUs(): number {
    return this.#offsetUs;
  }

  /** Room time minus our time, µs, at a moment of our clock. */
  offsetAt(localUs: number): number {
    return this.#offsetUs + this.#rate * (localUs - this.#takenUs);
  }

  /** The moment of our clock at which the room's shows `roomUs`: the inverse of adding `offsetAt`. */
  localTimeUs(roomUs: number): number {
    const atTaken = this.#takenUs + this.#offsetUs;
    return this.#takenUs + (roomUs - atTaken) / (1 + this.#rate);
  }

  /** Shortest round trip of the exchanges that are kept, µs: about twice the largest error that the offset can have. */
  get roundTripUs(): number {
    return this.#corridor.roundTrips(this.#corridor.size).leastUs;
  }
}
