/** A stall of the machine may hold sound up so long: as long as Linux stops a thread of real-time priority that never waits (sched(7)). */
export const STALL_US_MAX = 50_000;
/** A queue that is never shorter than this … */
export const STANDING_US = 2_000;
/** … for so long is no stall but more than the relay can carry. */
export const STANDING_AFTER_US = 100_000;
/** How long after the last such sign the shorter limit holds. */
const STRICT_US = 1_000_000;

/**
 * Says which datagrams waited too long before they were read, so that overload costs packets, the oldest first, and not delay. That
 * a queue which does not empty is the mark of overload is the idea of CoDel (RFC 8289 §3); drops are spread singly, because
 * redundancy mends those.
 */
export class StandingQueue {
  #shortUs = Number.NaN;
  #strictUntilUs = 0;

  isStale(nowUs: number, waitedUs: number): boolean {
    if (waitedUs <= STANDING_US) {
      this.#shortUs = nowUs;
      return false;
    }
    if (Number.isNaN(this.#shortUs)) this.#shortUs = nowUs;
    if (nowUs - this.#shortUs > STANDING_AFTER_US) this.#strictUntilUs = nowUs + STRICT_US;
    if (nowUs >= this.#strictUntilUs) return waitedUs > STALL_US_MAX;
    this.#strictUntilUs = nowUs + STRICT_US;
    return true;
  }
}
