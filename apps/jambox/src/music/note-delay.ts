/** Of a keyboard without sound: how long its notes take, so that nearly all of them can be played at their time. */
const FIRST_MOST_US = 150_000;
/** What a note that came too late adds, and what each that came in time takes away: about one in twenty comes too late. */
const UP_US = 1_000;
const DOWN_US = 50;
/** What is more than this beyond a note's need goes by quarters: the first that a late joiner gets may be seconds old. */
const SLACK_US = 20_000;

/**
 * How late notes are played that come without sound to be in time with: a running quantile of their way (stochastic approximation,
 * Robbins and Monro 1951), so that the network's jitter does not become the player's. µs.
 */
export class NoteDelay {
  #delayUs = -1;

  /** 0 before the first note. */
  get delayUs(): number {
    return Math.max(0, this.#delayUs);
  }

  /** A note came so long after it was played, µs; clocks that are not yet agreed may say less than nothing. */
  observe(wayUs: number): void {
    const us = Math.min(Math.max(0, wayUs), FIRST_MOST_US);
    if (this.#delayUs < 0) this.#delayUs = us;
    else if (us > this.#delayUs) this.#delayUs += UP_US;
    else this.#delayUs -= Math.max(Math.min(DOWN_US, this.#delayUs), (this.#delayUs - us - SLACK_US) / 4);
  }
}
