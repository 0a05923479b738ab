import { clamp, divideRounding } from './integers.ts';

/** How far a click gives way to the band. */
export interface ClickPolicy {
  /** Share of the asynchrony that the next click is moved by, 1/1000. */
  readonly phasePermille: number;
  /** Share of it by which a beat becomes longer or shorter, 1/1000. */
  readonly periodPermille: number;
  /** Most that one click is moved against the beat's length, µs. */
  readonly phaseUsMax: number;
  /** Most that a beat may differ from the announced one, 1/1 000 000. */
  readonly tempoPpmMax: number;
}

/**
 * Linear phase and period correction, as people do it when they tap along (Vorberg and Wing 1996; Repp, Psychonomic Bulletin & Review
 * 12, 2005). Gains chosen on GMD's split train, whose drummers had a metronome in the ear: there the least period gain is best, and so
 * much is left that a band which drifts is followed. 10 ms a beat is below what is heard as a break.
 */
export const CLICK_POLICY: ClickPolicy = {
  phasePermille: 250,
  periodPermille: 2,
  phaseUsMax: 10_000,
  tempoPpmMax: 20_000,
};

/**
 * A click that follows the band: from the strokes near each beat, in the order in which they are heard, to the time of the next
 * click. Causal, integers in µs, no queue: of strokes only their sum is kept.
 */
export class ClickFollower {
  readonly #policy: ClickPolicy;
  readonly #announcedUs: number;
  #clickUs: number;
  #beatUs: number;
  #sumUs = 0;
  #strokes = 0;

  /** `beatUs` 100,000 to 10,000,000: what was announced, and where the first click is. */
  constructor(firstClickUs: number, beatUs: number, policy: ClickPolicy = CLICK_POLICY) {
    this.#policy = policy;
    this.#announcedUs = beatUs;
    this.#clickUs = firstClickUs;
    this.#beatUs = beatUs;
  }

  /** Time of the click that sounded last, or is the first to sound. */
  get clickUs(): number {
    return this.#clickUs;
  }

  /** Length of a beat as the click goes now. */
  get beatUs(): number {
    return this.#beatUs;
  }

  /** Strokes near a beat since the last click was set. */
  get heard(): number {
    return this.#strokes;
  }

  /** A stroke; those further than half a sixteenth from a beat say nothing of it. */
  hear(atUs: number): void {
    const sinceUs = atUs - this.#clickUs;
    const asynchronyUs = sinceUs - Math.round(sinceUs / this.#beatUs) * this.#beatUs;
    if (8 * Math.abs(asynchronyUs) > this.#beatUs) return;
    this.#sumUs += asynchronyUs;
    this.#strokes++;
  }

  /** The time of the next click, from what was heard until now; strokes heard from here on move the one after it. */
  next(): number {
    const { phasePermille, periodPermille, phaseUsMax, tempoPpmMax } = this.#policy;
    const meanUs = this.#strokes === 0 ? 0 : divideRounding(this.#sumUs, this.#strokes);
    [this.#sumUs, this.#strokes] = [0, 0];
    const strayUs = divideRounding(this.#announcedUs * tempoPpmMax, 1_000_000);
    this.#beatUs = clamp(
      this.#beatUs + divideRounding(periodPermille * meanUs, 1000),
      this.#announcedUs - strayUs,
      this.#announcedUs + strayUs,
    );
    const phaseUs = clamp(divideRounding(phasePermille * meanUs, 1000), -phaseUsMax, phaseUsMax);
    this.#clickUs += this.#beatUs + phaseUs;
    return this.#clickUs;
  }
}

/** Distance of clicks from the band at the beats on which it played. */
export interface ClickAsynchrony {
  readonly beats: number;
  /** Σ |mean of a beat's strokes − click|, µs. */
  readonly plainUs: number;
  readonly followingUs: number;
}

/**
 * How far the plain click and the one that follows are from a performance: `strokes` in µs, ordered, on a clock whose beat 0 is at 0.
 * A click is set when the one before it sounds and, as in a room, knows only what was heard until then.
 */
export function clickAsynchrony(
  strokes: readonly number[],
  beatUs: number,
  policy: ClickPolicy = CLICK_POLICY,
): ClickAsynchrony {
  const follower = new ClickFollower(0, beatUs, policy);
  const sums = { beats: 0, plainUs: 0, followingUs: 0 };
  const last = strokes.at(-1) ?? 0;
  let heard = 0;
  for (let beat = 0; beat * beatUs <= last; beat++) {
    const near = strokes.filter((at) => 8 * Math.abs(at - beat * beatUs) <= beatUs);
    if (beat > 0 && near.length > 0) {
      const meanUs = divideRounding(
        near.reduce((sum, at) => sum + at, 0),
        near.length,
      );
      sums.beats++;
      sums.plainUs += Math.abs(meanUs - beat * beatUs);
      sums.followingUs += Math.abs(meanUs - follower.clickUs);
    }
    for (let at = strokes[heard]; at !== undefined && at <= follower.clickUs; at = strokes[++heard])
      follower.hear(at);
    follower.next();
  }
  return sums;
}
