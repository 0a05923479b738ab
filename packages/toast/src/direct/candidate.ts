import { equalBytes } from '@jamnet/base';
import { CHALLENGE_BYTES } from '../wire/probe-body.ts';
import { KEEP_EVERY_US, PUNCH_EVERY_US, PUNCHES_MAX } from './direct-limits.ts';

/** How an address became known: offered by its peer, seen by the relay, or seen by us on a probe that fits its key. */
export type CandidateKind = 'host' | 'reflexive' | 'peer-reflexive';

/** Challenges that may still come back, and round trips of which the least counts: 0.8 s of punching, 1.6 s of keeping. */
const REMEMBERED = 32;
/** Loss is told over at least so many probes. */
const LOSS_OVER = 40;

/** One address at which a member may be reached. */
export class Candidate {
  readonly address: string;
  kind: CandidateKind;
  /** When the next probe goes there; infinite while it rests. */
  dueUs = Number.POSITIVE_INFINITY;
  /** Sending time of the newest probe that is known to have arrived; −∞ before. */
  provedUs = Number.NEGATIVE_INFINITY;
  sentUs = Number.NEGATIVE_INFINITY;
  /** The challenge last taken from here, to be sent back. */
  echo: Uint8Array | null = null;
  echoUs = 0;
  /** Probes taken from here. */
  taken = 0;
  /** Share of the probes to here that did not arrive, [0, 1]; 0 before the first measurement. */
  lossShare = 0;
  #punches = 0;
  #sent = 0;
  /** Our probe and their count of ours at the last measurement of loss. */
  #lossFrom = { sent: -1, taken: 0 };
  #trips = 0;
  readonly #challenges = Array.from({ length: REMEMBERED }, () => new Uint8Array(CHALLENGE_BYTES));
  readonly #sentUs = new Float64Array(REMEMBERED).fill(Number.NaN);
  readonly #ordinals = new Float64Array(REMEMBERED);
  readonly #tripsUs = new Float64Array(REMEMBERED).fill(Number.POSITIVE_INFINITY);

  constructor(address: string, kind: CandidateKind) {
    this.address = address;
    this.kind = kind;
  }

  get isProved(): boolean {
    return Number.isFinite(this.provedUs);
  }

  /** Least round trip of those remembered, µs; infinite before one. */
  get tripUs(): number {
    return Math.min(...this.#tripsUs);
  }

  /** Begins a round of punching at `atUs`. */
  punch(atUs: number): void {
    this.#punches = 0;
    this.dueUs = atUs;
  }

  sent(nowUs: number, challenge: Uint8Array, isKept: boolean): void {
    const slot = this.#sent % REMEMBERED;
    this.#ordinals[slot] = this.#sent++;
    this.#challenges[slot]?.set(challenge);
    this.#sentUs[slot] = nowUs;
    this.sentUs = nowUs;
    if (isKept) this.dueUs = nowUs + KEEP_EVERY_US;
    else this.dueUs = ++this.#punches < PUNCHES_MAX ? nowUs + PUNCH_EVERY_US : Number.POSITIVE_INFINITY;
  }

  /**
   * Takes a challenge that came back after it was held for `heldUs`, and how many of ours the other has taken by then; false when
   * the challenge is none of ours, or came back before.
   */
  answered(nowUs: number, echo: Uint8Array, heldUs: number, taken: number): boolean {
    for (let slot = 0; slot < REMEMBERED; slot++) {
      const sentUs = this.#sentUs[slot] ?? Number.NaN;
      if (Number.isNaN(sentUs) || !equalBytes(this.#challenges[slot] ?? echo, echo)) continue;
      this.#sentUs[slot] = Number.NaN;
      this.provedUs = Math.max(this.provedUs, sentUs);
      this.#tripsUs[this.#trips++ % REMEMBERED] = Math.max(0, nowUs - sentUs - heldUs);
      this.#measureLoss((this.#ordinals[slot] ?? 0) + 1, taken);
      return true;
    }
    return false;
  }

  #measureLoss(sent: number, taken: number): void {
    if (this.#lossFrom.sent < 0) this.#lossFrom = { sent, taken };
    const count = sent - this.#lossFrom.sent;
    if (count < LOSS_OVER) return;
    this.lossShare = Math.min(1, Math.max(0, 1 - (taken - this.#lossFrom.taken) / count));
    this.#lossFrom = { sent, taken };
  }

  /** What was proved no longer holds. */
  doubt(): void {
    this.provedUs = Number.NEGATIVE_INFINITY;
    this.#tripsUs.fill(Number.POSITIVE_INFINITY);
    this.#sentUs.fill(Number.NaN);
    this.#lossFrom = { sent: -1, taken: 0 };
  }
}
