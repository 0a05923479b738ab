// realtime
import { Lateness } from '../playout/lateness.ts';

/** Datagrams remembered by sequence; one that is still missing when it leaves the newest this far behind is lost. */
const REMEMBERED = 256;
const SETTLED = 96;
/** Datagrams after which old ones weigh half. */
const HALVE_AFTER = 3000;
const LEAST_OVER = 1000;

/** What a link does to datagrams, as the receiver sees it: losses, their runs, and how late the others are. */
export class LinkMeter {
  readonly lateness = new Lateness();
  readonly #came = new Uint8Array(REMEMBERED);
  #newest = -1;
  #transits = 0;
  #least = Number.POSITIVE_INFINITY;
  #leastBefore = Number.POSITIVE_INFINITY;
  /** First sequence not judged yet. */
  #next = -1;
  /** Datagrams judged, those that never came, and the runs of these: old ones weigh less. */
  expected = 0;
  lost = 0;
  runs = 0;
  #wasLost = false;

  /** An authenticated datagram came after `transitUs` on the way, by clocks that may be off by a constant. */
  observe(sequence: number, transitUs: number): void {
    this.#noteTransit(transitUs);
    this.lateness.observe(transitUs - this.leastTransitUs);
    if (this.#next < 0) {
      // Who comes late begins where the stream is: nothing before is counted through.
      this.#next = sequence;
      this.#newest = sequence - 1;
    }
    if (sequence < this.#next) return;
    // After a long silence there is nothing to judge one by one.
    if (sequence - this.#next >= 2 * REMEMBERED) this.#skipTo(sequence);
    while (this.#newest < sequence) {
      this.#newest++;
      if (this.#newest - this.#next >= SETTLED) this.#judge();
      this.#came[this.#newest % REMEMBERED] = 0;
    }
    this.#came[sequence % REMEMBERED] = 1;
  }

  #noteTransit(transitUs: number): void {
    if (this.#transits % LEAST_OVER === 0) {
      this.#leastBefore = this.#least;
      this.#least = transitUs;
    }
    this.#transits++;
    if (transitUs < this.#least) this.#least = transitUs;
  }

  /** The quickest way in the last one or two thousand datagrams, µs. */
  get leastTransitUs(): number {
    return Math.min(this.#least, this.#leastBefore);
  }

  #skipTo(sequence: number): void {
    const gone = sequence - this.#next;
    this.expected += gone;
    this.lost += gone;
    this.runs++;
    this.#came.fill(0);
    this.#next = sequence;
    this.#newest = sequence - 1;
    this.#wasLost = false;
  }

  #judge(): void {
    const isLost = this.#came[this.#next % REMEMBERED] === 0;
    this.#next++;
    this.expected++;
    if (isLost) {
      this.lost++;
      if (!this.#wasLost) {
        this.runs++;
      }
    }
    this.#wasLost = isLost;
    if (this.expected < HALVE_AFTER) return;
    this.expected /= 2;
    this.lost /= 2;
    this.runs /= 2;
  }
}
