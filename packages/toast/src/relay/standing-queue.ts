/** A stall of the machine may hold sound up so long: as long as Linux stops a thread of real-time priority that never waits (sched(7)). */
export const STALL_US_MAX = 50_000;
/** A queue that is never shorter than this … */
export const STANDING_US = 2_000;
/** … for so long is no stall but more than the relay can carry. */
export const STANDING_AFTER_US = 100_000;
/** How long after the last such sign the shorter limit holds. */
const STRICT_US = 1_000_000;
/** While packets are dropped short waits come between long ones: without a long one for so long the queue is gone. */
const GONE_AFTER_US = 20_000;
/** Between two looks at a clock lies one batch, 6 ms at most: who comes back later was stopped, and nothing of that time shows a queue. */
const STOPPED_US = 10_000;

/**
 * Says which datagrams waited too long before they were read, so that overload costs packets, the oldest first, and not delay. That
 * a queue which does not empty is the mark of overload is the idea of CoDel (RFC 8289 §3); drops are spread singly, because
 * redundancy mends those.
 */
export class StandingQueue {
  /** Since when the queue stands, by time in which the relay ran; NaN before the first datagram. */
  #sinceUs = Number.NaN;
  #lastUs = 0;
  #longUs = Number.NEGATIVE_INFINITY;
  #strictUntilUs = Number.NEGATIVE_INFINITY;

  /** `waitedUs` is how long the datagram that is read at `nowUs` lay unread. */
  isStale(nowUs: number, waitedUs: number): boolean {
    const stoppedUs = nowUs - this.#lastUs;
    this.#lastUs = nowUs;
    if (Number.isNaN(this.#sinceUs)) this.#sinceUs = nowUs;
    else if (stoppedUs > STOPPED_US) this.#sinceUs += stoppedUs;
    const isStrict = nowUs < this.#strictUntilUs;
    if (waitedUs <= STANDING_US) {
      if (!isStrict || nowUs - this.#longUs > GONE_AFTER_US) this.#sinceUs = nowUs;
      return false;
    }
    this.#longUs = nowUs;
    if (nowUs - this.#sinceUs <= STANDING_AFTER_US) return waitedUs > (isStrict ? STANDING_US : STALL_US_MAX);
    this.#strictUntilUs = nowUs + STRICT_US;
    return true;
  }
}
