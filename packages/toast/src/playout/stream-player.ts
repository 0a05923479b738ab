// realtime
import { assert } from '@jamnet/base';
import { SAMPLE_RATE_HZ } from '../limits.ts';
import type { StreamReceiver } from '../peer/stream-receiver.ts';
import { DelayFollower } from './delay-follower.ts';
import { LowerLine } from './lower-line.ts';

/** What fills holes; PNBTR's `Concealer` is one. */
export interface HoleFiller {
  receive(packet: Float32Array, out: Float32Array): void;
  conceal(out: Float32Array): void;
}

/** What bends the speed; PNBTR's `Resampler` at equal rates is one. */
export interface SpeedBender {
  /** Samples that {@link pull} could give now. */
  readonly available: number;
  setPpm(ppm: number): void;
  push(samples: Float32Array): number;
  pull(out: Float32Array): number;
}

export interface PlayerOptions {
  readonly packetFrames: number;
  /** Frames that the card takes at a time. */
  readonly quantumFrames: number;
  /** Packets until the last copy of a lost one comes. */
  readonly reach: number;
  readonly filler: HoleFiller;
  readonly bender: SpeedBender;
  /** Input frames that the bender holds back, 32 for PNBTR's. */
  readonly benderFrames: number;
}

/** Place error to speed: a millisecond is made up for in three seconds. */
const PPM_PER_US = 0.3;
/** 0.9 cent: nobody hears a buffer shrink or grow at that speed. */
const SLEW_PPM_MAX = 500;
/** The speed glides to a new value over this many frames: a step of pitch, however small, leaves a trace in a tone. */
const GLIDE_FRAMES = 14_400;
/** As far ahead as this the ear waits for a packet when nothing newer has come either, rather than leave it out. */
const EARLY_US = 250;
/**
 * Further ahead than this the ear waits a packet, and then another until it is as near as packets allow: bending away the rest takes
 * seconds, in which a small correction of the line would make it stumble again. Further off on either side it jumps.
 */
const AHEAD_PACKETS_MAX = 1;
const AHEAD_PACKETS_LEFT = 0.5;
const OFF_US_MAX = 60_000;
/** A card that asks for nothing for so long has stood still. */
const PAUSE_US = 100_000;
/**
 * What moves card and packets alike by more than this, and by as much as each other, is a clock of ours that was set. The packets'
 * line may lie off by itself, after a bad stretch by ms: the larger the step, the further they may differ.
 */
const CLOCK_SET_US = 2500;
const ALIKE_US = 1500;
const ALIKE_SHARE = 0.25;
/** Below this peak (−54 dB of full scale) a packet may be left out unheard. */
const QUIET = 0.002;

/**
 * One remote stream to one sound card, both with clocks of their own: packets in order, holes filled, the drift between
 * the cards taken out by resampling, the delay following the network. Allocates in the constructor only.
 */
export class StreamPlayer {
  /** Times the ear waited a packet, left one out unheard, or jumped. */
  readonly counters = { held: 0, skipped: 0, jumped: 0 };
  readonly #receiver: StreamReceiver;
  readonly #options: PlayerOptions;
  readonly #follower: DelayFollower;
  readonly #card = new LowerLine();
  readonly #packet: Float32Array;
  readonly #filled: Float32Array;
  /** Frames that the card has taken. */
  #pulled = 0;
  /** Frames of the stream given to the bender; minus what it holds is where the ear is. −1 before the first. */
  #pushed = -1;
  /** Frames of the stream that the ear has heard, fractions included. */
  #heard = 0;
  #ppm = 0;
  #aheadUs = 0;
  #lagUs = 0;
  /** It waited a packet in the last quantum because it was too far ahead. */
  #isWaiting = false;
  #lastUs = -1;

  constructor(receiver: StreamReceiver, options: PlayerOptions) {
    assert(options.quantumFrames > 0 && options.packetFrames > 0, 'player frames');
    this.#receiver = receiver;
    this.#options = options;
    this.#follower = new DelayFollower(options.packetFrames, options.reach);
    this.#packet = new Float32Array(options.packetFrames);
    this.#filled = new Float32Array(options.packetFrames);
    receiver.follow(this.#follower);
  }

  /** The card asks for its next quantum at `nowUs` of our clock; `out` has `quantumFrames`. */
  play(nowUs: number, out: Float32Array): void {
    const cardUs = (this.#pulled / SAMPLE_RATE_HZ) * 1e6;
    const pauseUs = nowUs - this.#lastUs - PAUSE_US;
    if (this.#lastUs >= 0 && pauseUs > 0)
      this.#card.shift(pauseUs + PAUSE_US - (out.length / SAMPLE_RATE_HZ) * 1e6);
    this.#lastUs = nowUs;
    this.#card.observe(cardUs, nowUs);
    this.#followClock();
    this.#pulled += out.length;
    const dueFrame =
      this.#follower.dueSample(this.#card.at(cardUs)) - out.length - this.#options.benderFrames;
    if (!this.#follower.isBegun || (this.#pushed < 0 && !this.#begin(dueFrame))) {
      out.fill(0);
      return;
    }
    this.#steer(dueFrame);
    this.#lagUs = nowUs - this.#follower.arrivalUs(this.#heard);
    this.#fill(out);
    this.#heard += out.length * (1 + this.#ppm / 1e6);
  }

  /** Both lines are measured by our clock: when it is set they move together, or the ear would stumble between them. */
  #followClock(): void {
    const setUs = this.#card.recentUs;
    const alikeUs = Math.max(ALIKE_US, ALIKE_SHARE * Math.abs(setUs));
    if (!(Math.abs(setUs) > CLOCK_SET_US) || !(Math.abs(setUs - this.#follower.recentUs) < alikeUs)) return;
    this.#card.shift(setUs);
    this.#follower.shift(setUs);
  }

  #begin(dueFrame: number): boolean {
    const frames = this.#options.packetFrames;
    const first = Math.max(0, Math.floor(dueFrame / frames));
    if (dueFrame < 0) return false;
    this.#receiver.seek(first);
    this.#pushed = first * frames;
    this.#heard = this.#pushed;
    return true;
  }

  /** Bends the speed towards where the ear should be; waits or jumps where bending would take too long. */
  #steer(dueFrame: number): void {
    const aheadUs = ((this.#heard - dueFrame) / SAMPLE_RATE_HZ) * 1e6;
    const packetUs = (this.#options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
    this.#aheadUs = aheadUs;
    const drift = (this.#card.slope - this.#follower.slope) * 1e6;
    const slew = Math.max(-SLEW_PPM_MAX, Math.min(SLEW_PPM_MAX, -aheadUs * PPM_PER_US));
    this.#follower.driftPpm = this.driftPpm;
    this.#ppm += (drift + slew - this.#ppm) * Math.min(1, this.#options.quantumFrames / GLIDE_FRAMES);
    this.#options.bender.setPpm(this.#ppm);
    const held = this.counters.held;
    if (Math.abs(aheadUs) > OFF_US_MAX) this.#jump(dueFrame);
    else if (aheadUs > (this.#isWaiting ? AHEAD_PACKETS_LEFT : AHEAD_PACKETS_MAX) * packetUs) this.#wait();
    else if (aheadUs < -packetUs) this.#skipQuiet();
    this.#isWaiting = this.counters.held > held;
  }

  /** A packet's length of what the filler makes up: the ear falls back by it. */
  #wait(): void {
    this.counters.held++;
    this.#options.filler.conceal(this.#filled);
    this.#options.bender.push(this.#filled);
    this.#heard -= this.#options.packetFrames;
    this.#aheadUs -= (this.#options.packetFrames / SAMPLE_RATE_HZ) * 1e6;
  }

  #jump(dueFrame: number): void {
    const frames = this.#options.packetFrames;
    const index = Math.max(0, Math.floor(dueFrame / frames));
    const held = this.#pushed - this.#heard;
    this.counters.jumped++;
    this.#receiver.seek(index);
    this.#pushed = index * frames;
    this.#heard = this.#pushed - held;
  }

  #skipQuiet(): void {
    if (!this.#receiver.isNextQuieter(QUIET)) return;
    this.counters.skipped++;
    this.#receiver.skip();
    this.#pushed += this.#options.packetFrames;
    this.#heard += this.#options.packetFrames;
  }

  #fill(out: Float32Array): void {
    const { bender, filler, packetFrames } = this.#options;
    // A quantum needs at most its own length, what the bender holds and one packet more.
    const most = 2 + Math.ceil((out.length + 2 * this.#options.benderFrames) / packetFrames);
    for (let i = 0; bender.available < out.length && i < most; i++) {
      if (this.#aheadUs > EARLY_US && this.#receiver.newest < this.#pushed / packetFrames) {
        this.#wait();
        continue;
      }
      const pull = this.#receiver.next(this.#packet);
      if (pull === 'own' || pull === 'recovered') filler.receive(this.#packet, this.#filled);
      else if (pull === 'missing') filler.conceal(this.#filled);
      else this.#filled.fill(0);
      bender.push(this.#filled);
      this.#pushed += packetFrames;
    }
    const made = bender.pull(out);
    for (let i = 0; i < made; i++) {
      const sample = out[i] ?? 0;
      // What lies between full-scale samples may exceed them. The second comparison fails for what is no number.
      out[i] = sample > 1 ? 1 : sample >= -1 ? sample : sample < -1 ? -1 : 0;
    }
    for (let i = made; i < out.length; i++) out[i] = 0;
  }

  /** How much faster than nominal the stream is played now, parts per million: drift and steering. */
  get ppm(): number {
    return this.#ppm;
  }

  /** The sender's card against ours, parts per million; 0 until known. */
  get driftPpm(): number {
    return this.#follower.isKnown ? (this.#card.slope - this.#follower.slope) * 1e6 : 0;
  }

  /** Beyond the quickest packet's arrival. */
  get bufferUs(): number {
    return this.#follower.bufferUs;
  }

  /** How long before the last quantum began its first sample's packet came, had it been as quick as the quickest, µs. */
  get lagUs(): number {
    return this.#lagUs;
  }

  /** The stream's sample at the ear, counted from the stream's first; −1 before it sounds. */
  get heardSample(): number {
    return this.#pushed < 0 ? -1 : this.#heard;
  }
}
