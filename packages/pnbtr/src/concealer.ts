// realtime
import { assert } from '@jamnet/base';
import { canRunWasm } from './kernel/wasm-kernel.ts';
import { chooseModel, PACKET_FRAMES_RANGE } from './model-size.ts';
import { clamp, Predictor } from './predictor.ts';

export interface ConcealerOptions {
  /** [8 000, 192 000]. */
  readonly sampleRateHz: number;
  /** [16, 2 048]; every packet has exactly this length. */
  readonly packetFrames: number;
  /** Coefficients of the forecast, up to 1 024; chosen by packet size when absent. */
  readonly order?: number;
  /** Samples the model is fitted to, up to 8 192; chosen by packet size when absent. */
  readonly contextFrames?: number;
  /** `plain` does without WebAssembly, by default with half the order; else WebAssembly where the host has it. */
  readonly kernel?: 'wasm' | 'plain';
}

/** A hole is played at full level for this long, then fades to silence, so that no forecast ends as a buzz. */
const HOLD_MS = 60;
const FADE_MS = 120;

/**
 * Packet-loss concealment of one channel, in play-out order: each packet time either {@link receive} or
 * {@link conceal} is called once and writes what to play. Without losses output equals input bit for bit.
 */
export class Concealer {
  readonly packetFrames: number;
  /** Whether the fast kernel is at work; for the host's own reports. */
  readonly isWasm: boolean;
  readonly #holdFrames: number;
  readonly #fadeFrames: number;
  readonly #fadeInFrames: number;
  readonly #predictor: Predictor;
  /** Samples played since the last good packet; 0 when it was the last one. */
  #gapFrames = 0;

  constructor(options: ConcealerOptions) {
    const { sampleRateHz, packetFrames } = options;
    const { least, most } = PACKET_FRAMES_RANGE;
    assert(sampleRateHz >= 8_000 && sampleRateHz <= 192_000, `sample rate ${sampleRateHz} Hz`);
    assert(
      Number.isInteger(packetFrames) && packetFrames >= least && packetFrames <= most,
      `packet of ${packetFrames}`,
    );
    const size = chooseModel(packetFrames, options.kernel !== 'plain' && canRunWasm());
    const order = options.order ?? size.order;
    const contextFrames = options.contextFrames ?? size.contextFrames;
    this.#predictor = new Predictor({ packetFrames, order, contextFrames, kernel: options.kernel });
    this.packetFrames = packetFrames;
    this.isWasm = this.#predictor.isWasm;
    this.#holdFrames = (HOLD_MS * sampleRateHz) / 1000;
    this.#fadeFrames = (FADE_MS * sampleRateHz) / 1000;
    this.#fadeInFrames = packetFrames >> 1;
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
    this.#gapFrames = 0;
    this.#predictor.append(packet);
  }

  /** A packet that did not arrive in time: writes the forecast. */
  conceal(out: Float32Array): void {
    const frames = this.packetFrames;
    if (out.length !== frames) {
      out.fill(0);
      return;
    }
    if (this.#gapFrames === 0) this.#predictor.begin();
    this.#play(out, this.#predictor.advance(frames), frames);
    this.#gapFrames += frames;
    this.#predictor.append(out);
  }

  /** Forgets the stream: the next packet is the first one. */
  reset(): void {
    this.#predictor.clear();
    this.#gapFrames = 0;
  }

  /** Copies the forecast from `at` on, at the level that back-test and length of the hole allow. */
  #play(out: Float32Array, at: number, frames: number): void {
    const { samples, peak, gain } = this.#predictor;
    for (let i = 0; i < frames; i++) {
      const level = gain * this.#level(this.#gapFrames + i);
      out[i] = clamp((samples[at + i] ?? 0) * level, peak);
    }
  }

  /** Level of the forecast `frames` after the last good sample: 1, then a straight fade to 0. */
  #level(frames: number): number {
    const past = frames - this.#holdFrames;
    return past <= 0 ? 1 : past >= this.#fadeFrames ? 0 : 1 - past / this.#fadeFrames;
  }

  #fadeIn(packet: Float32Array, out: Float32Array): void {
    const frames = this.#fadeInFrames;
    this.#play(out, this.#predictor.peek(frames), frames);
    for (let i = 0; i < frames; i++) {
      const weight = (i + 0.5) / frames;
      const sample = packet[i] ?? 0;
      out[i] = (out[i] ?? 0) * (1 - weight) + (sample - sample === 0 ? sample : 0) * weight;
    }
    copyFinite(packet, out, frames);
  }
}

/** Copies from `start` on; a sample that is not finite becomes silence. */
function copyFinite(packet: Float32Array, out: Float32Array, start: number): void {
  for (let i = start; i < packet.length; i++) {
    const sample = packet[i] ?? 0;
    out[i] = sample - sample === 0 ? sample : 0;
  }
}
