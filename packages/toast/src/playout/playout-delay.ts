import { SAMPLE_RATE_HZ } from '../limits.ts';
import { Lateness } from './lateness.ts';

/** Share of packets that the buffer aims to have in time. */
const QUANTILE = 0.998;
/** Packets between two looks at whether the buffer may shrink: fast attack, slow release. */
const RELEASE_EVERY = 2000;
const DELAY_US_MAX = 200_000;
/** So many packets late one after the other, though the room's clock calls them in time, are no chance. */
const LATE_IN_ROW = 8;

export interface DelayOptions {
  readonly packetFrames: number;
  /** Packets until the last copy of a lost one comes: the delay begins where it can still help. */
  readonly reach: number;
  /** Fixed delay in ms, rounded up to whole packets; absent: follow the network. */
  readonly fixedMs?: number;
}

/** How many packets lie between a packet's first sample and the period in which it sounds. */
export class PlayoutDelay {
  readonly #packetUs: number;
  readonly #isFixed: boolean;
  readonly #least: number;
  readonly #lateness = new Lateness();
  #packets: number;
  #sinceLook = 0;
  #lateInRow = 0;
  /** By how much our card's periods were found to lie before those of the room's clock. */
  #cardPackets = 0;

  constructor(options: DelayOptions) {
    this.#packetUs = (options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
    this.#isFixed = options.fixedMs !== undefined;
    // A packet leaves when its last sample is there: it can sound in the period that begins next, if the cards' phases
    // let it arrive before. Without a wish we begin where it surely can.
    this.#least = 1;
    const wished =
      options.fixedMs === undefined
        ? 2 + options.reach
        : Math.ceil((options.fixedMs * 1000) / this.#packetUs - 1e-6);
    this.#packets = this.#clamp(wished);
  }

  get packets(): number {
    return this.#packets;
  }

  /** A packet became playable this long after its first sample; `wasLate` when the ear had passed it. */
  observe(latenessUs: number, wasLate: boolean): void {
    this.#lateness.observe(latenessUs);
    if (this.#isFixed) return;
    this.#lateInRow = wasLate ? this.#lateInRow + 1 : 0;
    if (wasLate) this.#attack(latenessUs);
    if (++this.#sinceLook >= RELEASE_EVERY) this.#release();
  }

  /** Grows at once to what the late packet needed, but only when lateness is more than the share we accept. */
  #attack(latenessUs: number): void {
    const wantedUs = Math.min(latenessUs, this.#lateness.quantileUs(QUANTILE));
    const isBlind = this.#lateInRow >= LATE_IN_ROW && Math.ceil(wantedUs / this.#packetUs) <= this.#packets;
    const wanted = this.#clamp(isBlind ? this.#packets + 1 : Math.ceil(wantedUs / this.#packetUs));
    if (wanted > this.#packets) {
      if (isBlind) this.#cardPackets++;
      this.#packets = wanted;
      this.#sinceLook = 0;
      this.#lateInRow = 0;
    }
  }

  #release(): void {
    this.#sinceLook = 0;
    const quantile = Math.ceil(this.#lateness.quantileUs(QUANTILE) / this.#packetUs);
    const wanted = this.#clamp(quantile + this.#cardPackets + 1);
    if (wanted < this.#packets) this.#packets--;
  }

  #clamp(packets: number): number {
    return Math.max(this.#least, Math.min(Math.floor(DELAY_US_MAX / this.#packetUs), packets));
  }
}
