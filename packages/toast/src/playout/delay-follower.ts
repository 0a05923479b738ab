// realtime
import { SAMPLE_RATE_HZ } from '../limits.ts';
import { Lateness } from './lateness.ts';
import { LowerLine } from './lower-line.ts';

/** Share of packets that the buffer aims to have in time: a machine that stalls for 3 ms every other second is within. */
const QUANTILE = 0.999;
/** Between two looks at whether the buffer may shrink, of the stream's time, and by how much it then does. */
const RELEASE_EVERY_US = 333_333;
const RELEASE_US = 50;
/** Much too long a buffer goes by this share of what it is too long: the ear follows at its own pace, at silence at once. */
const RELEASE_SHARE = 1 / 16;
/** The sender's line moved up by more at once: the way has become longer for good. */
const LONGER_US = 1000;
/** Kept above the quantile, so that the target does not hunt. */
const MARGIN_US = 250;
export const BUFFER_US_MAX = 200_000;

/**
 * How fast the sender's card runs by our clock, how late its packets are compared with the quickest, and how much
 * buffer that needs: fast attack, slow release. Times are µs of our own clock.
 */
export class DelayFollower {
  readonly #packetUs: number;
  readonly #releaseEvery: number;
  readonly #line = new LowerLine();
  readonly #lateness = new Lateness();
  /** What the player found of the two cards, parts per million. */
  driftPpm = 0;
  #bufferUs: number;
  #sinceLook = 0;

  /** Begins with room for the last copy of a lost packet: `reach` packets later. */
  constructor(packetFrames: number, reach: number) {
    this.#packetUs = (packetFrames / SAMPLE_RATE_HZ) * 1e6;
    this.#releaseEvery = Math.round(RELEASE_EVERY_US / this.#packetUs);
    this.#bufferUs = Math.min(BUFFER_US_MAX, (1 + reach) * this.#packetUs);
  }

  /** A datagram came with its own packet `index`: tells the line where the sender's clock is. */
  observeOwn(index: number, localUs: number): void {
    const x = index * this.#packetUs;
    const wasUs = this.#line.at(x);
    const wasBegun = this.#line.isBegun;
    this.#line.observe(x, localUs);
    const longerUs = this.#line.at(x) - wasUs;
    // What the buffer had made up for until now lies in the line from now on.
    if (wasBegun && longerUs > LONGER_US) this.#bufferUs = Math.max(MARGIN_US, this.#bufferUs - longerUs);
  }

  /** Packet `index` became playable; `wasLate` when the ear had passed it. */
  observePlayable(index: number, localUs: number, wasLate: boolean): void {
    const latenessUs = Math.max(0, localUs - this.#line.at(index * this.#packetUs));
    this.#lateness.observe(latenessUs);
    if (wasLate) this.#attack(latenessUs);
    if (++this.#sinceLook >= this.#releaseEvery) this.#release();
  }

  #attack(latenessUs: number): void {
    const wanted = Math.min(latenessUs, this.#lateness.quantileUs(QUANTILE)) + MARGIN_US;
    if (wanted > this.#bufferUs) this.#bufferUs = Math.min(BUFFER_US_MAX, wanted);
  }

  #release(): void {
    this.#sinceLook = 0;
    const tooLongUs = this.#bufferUs - this.#lateness.quantileUs(QUANTILE) - MARGIN_US;
    if (tooLongUs > RELEASE_US) this.#bufferUs -= Math.max(RELEASE_US, tooLongUs * RELEASE_SHARE);
  }

  /** How long after the quickest packet's arrival a packet is due. */
  get bufferUs(): number {
    return this.#bufferUs;
  }

  /** By how much the sender's card runs slower than our clock, as a share. */
  get slope(): number {
    return this.#line.slope;
  }

  /** How far above its line the sender's clock has lain of late, µs, as {@link LowerLine.recentUs}. */
  get recentUs(): number {
    return this.#line.recentUs;
  }

  /** Our clock was set forward by that much. */
  shift(us: number): void {
    this.#line.shift(us);
  }

  /** The sender's clock has been seen. */
  get isBegun(): boolean {
    return this.#line.isBegun;
  }

  get isKnown(): boolean {
    return this.#line.isKnown;
  }

  /** When the packet that begins with this sample of the stream came at the earliest, µs. */
  arrivalUs(sample: number): number {
    return this.#line.at((sample / SAMPLE_RATE_HZ) * 1e6);
  }

  /** The place in the stream, in samples, whose packet is due at `localUs`. */
  dueSample(localUs: number): number {
    return (this.#line.reach(localUs - this.#bufferUs) / 1e6) * SAMPLE_RATE_HZ;
  }
}
