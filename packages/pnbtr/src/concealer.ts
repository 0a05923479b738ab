// realtime
import { assert } from '@jamnet/base';
import { BurgLattice } from './burg.ts';
import { History } from './history.ts';
import { chooseModel, PACKET_FRAMES_RANGE } from './model-size.ts';

export interface ConcealerOptions {
  /** [8 000, 192 000]. */
  readonly sampleRateHz: number;
  /** [16, 2 048]; every packet has exactly this length. */
  readonly packetFrames: number;
  /** Coefficients of the forecast; chosen by packet size when absent. */
  readonly order?: number;
  /** Samples the model is fitted to; chosen by packet size when absent. */
  readonly contextFrames?: number;
}

/** A hole is played at full level for this long, then fades to silence, so that no forecast ends as a buzz. */
const HOLD_MS = 60;
const FADE_MS = 120;

/**
 * The recursion may pass the context's peak by this factor before it is held: a tight clamp inside it would be an
 * impulse to poles that lie close to the unit circle, and tones would break up. What is played is clamped to the peak.
 */
const RUNAWAY = 8;

/**
 * Packet-loss concealment of one channel, in play-out order: each packet time either {@link receive} or
 * {@link conceal} is called once and writes what to play. Without losses output equals input bit for bit.
 */
export class Concealer {
  readonly packetFrames: number;
  readonly #order: number;
  readonly #contextFrames: number;
  readonly #holdFrames: number;
  readonly #fadeFrames: number;
  readonly #fadeInFrames: number;
  readonly #history: History;
  readonly #model: BurgLattice;
  /** Samples played since the last good packet; 0 when it was the last one. */
  #gapFrames = 0;
  #modelOrder = 0;
  /** Loudest sample of the context at the beginning of the hole. */
  #peak = 0;

  constructor(options: ConcealerOptions) {
    const { sampleRateHz, packetFrames } = options;
    const { least, most } = PACKET_FRAMES_RANGE;
    assert(sampleRateHz >= 8_000 && sampleRateHz <= 192_000, `sample rate ${sampleRateHz} Hz`);
    assert(
      Number.isInteger(packetFrames) && packetFrames >= least && packetFrames <= most,
      `packet of ${packetFrames}`,
    );
    const size = chooseModel(packetFrames);
    this.packetFrames = packetFrames;
    this.#order = options.order ?? size.order;
    this.#contextFrames = options.contextFrames ?? size.contextFrames;
    assert(this.#contextFrames > this.#order, 'a context longer than the order');
    this.#holdFrames = (HOLD_MS * sampleRateHz) / 1000;
    this.#fadeFrames = (FADE_MS * sampleRateHz) / 1000;
    this.#fadeInFrames = packetFrames >> 1;
    this.#history = new History(this.#contextFrames, packetFrames * 2);
    this.#model = new BurgLattice(this.#order, this.#contextFrames);
  }

  /** A packet that arrived in time. After a hole it is faded in over the forecast's continuation. */
  receive(packet: Float32Array, out: Float32Array): void {
    const frames = this.packetFrames;
    if (packet.length !== frames || out.length !== frames) {
      out.fill(0);
      return;
    }
    if (this.#gapFrames > 0) this.#fadeIn(packet, out);
    else copyFinite(packet, out, 0);
    if (this.#gapFrames > 0) this.#keepPlayed();
    this.#gapFrames = 0;
    this.#history.append(packet);
  }

  /** A packet that did not arrive in time: writes the forecast. */
  conceal(out: Float32Array): void {
    const frames = this.packetFrames;
    if (out.length !== frames) {
      out.fill(0);
      return;
    }
    if (this.#gapFrames === 0) this.#fit();
    this.#forecast(frames);
    this.#play(out, frames);
    this.#history.end += frames;
    this.#gapFrames += frames;
  }

  /** Forgets the stream: the next packet is the first one. */
  reset(): void {
    this.#history.clear();
    this.#gapFrames = 0;
  }

  #fit(): void {
    const { samples, end } = this.#history;
    const frames = this.#contextFrames;
    let peak = 0;
    for (let n = end - frames; n < end; n++) {
      const sample = samples[n] ?? 0;
      peak = Math.max(peak, sample < 0 ? -sample : sample);
    }
    this.#peak = peak;
    this.#modelOrder = this.#model.fit(samples, end - frames, frames, this.#order);
  }

  /** Writes the next `frames` of the model's continuation behind the end of the history, without moving the end. */
  #forecast(frames: number): void {
    this.#history.makeRoom(frames);
    const { samples, end } = this.#history;
    const a = this.#model.coefficients;
    const order = this.#modelOrder;
    const bound = this.#peak * RUNAWAY;
    for (let n = end; n < end + frames; n++) {
      let sum = 0;
      for (let k = 0; k < order; k++) sum -= (a[k] ?? 0) * (samples[n - 1 - k] ?? 0);
      samples[n] = clamp(sum, bound);
    }
  }

  /** Copies the forecast behind the end, at the level the length of the hole allows. */
  #play(out: Float32Array, frames: number): void {
    const { samples, end } = this.#history;
    const peak = this.#peak;
    for (let i = 0; i < frames; i++)
      out[i] = clamp((samples[end + i] ?? 0) * this.#level(this.#gapFrames + i), peak);
  }

  /** Holds the forecast in the history to what was played, for the models of later holes. */
  #keepPlayed(): void {
    const { samples, end, frames } = this.#history;
    const bound = this.#peak;
    for (let n = end - Math.min(this.#gapFrames, frames); n < end; n++)
      samples[n] = clamp(samples[n] ?? 0, bound);
  }

  /** Level of the forecast `frames` after the last good sample: 1, then a straight fade to 0. */
  #level(frames: number): number {
    const past = frames - this.#holdFrames;
    return past <= 0 ? 1 : past >= this.#fadeFrames ? 0 : 1 - past / this.#fadeFrames;
  }

  #fadeIn(packet: Float32Array, out: Float32Array): void {
    const frames = this.#fadeInFrames;
    this.#forecast(frames);
    this.#play(out, frames);
    for (let i = 0; i < frames; i++) {
      const weight = (i + 0.5) / frames;
      const sample = packet[i] ?? 0;
      out[i] = (out[i] ?? 0) * (1 - weight) + (sample - sample === 0 ? sample : 0) * weight;
    }
    copyFinite(packet, out, frames);
  }
}

/** `value` within ±`bound`; NaN, for which each comparison is false, becomes 0. */
function clamp(value: number, bound: number): number {
  return value > bound ? bound : value >= -bound ? value : value < -bound ? -bound : 0;
}

/** Copies from `start` on; a sample that is not finite becomes silence. */
function copyFinite(packet: Float32Array, out: Float32Array, start: number): void {
  for (let i = start; i < packet.length; i++) {
    const sample = packet[i] ?? 0;
    out[i] = sample - sample === 0 ? sample : 0;
  }
}
