// realtime
import { assert } from '@jamnet/base';
import { isBlend } from './blend-weights.ts';
import { clampWithin } from './clamp.ts';
import { Forecaster } from './forecaster.ts';
import { RANGE } from './kernel/layout.ts';
import { canRunWasm } from './kernel/wasm-kernel.ts';
import { lowBandFactor } from './low-band.ts';
import { Meeting } from './meeting.ts';
import { chooseLowModel, chooseModels, type ModelSize, PACKET_FRAMES_RANGE } from './model-size.ts';

export interface ConcealerOptions {
  /** [8 000, 192 000]. */
  readonly sampleRateHz: number;
  /** [16, 2 048]; every packet has exactly this length. */
  readonly packetFrames: number;
  /** 2 for linked stereo: packets hold the left channel, then the right one, and one decision serves both. Default 1. */
  readonly channels?: 1 | 2 | undefined;
  /** Whether {@link Concealer.conceal} will be given the packet behind a hole: models are then chosen that leave time for it. */
  readonly twoSided?: boolean | undefined;
  /** Models whose mean is the forecast, up to order 1 024 and context 8 192; chosen by packet size when absent. */
  readonly models?: readonly ModelSize[] | undefined;
  /** The low band's model, its context in samples of the low rate; `null` for none. Default: by the first model. */
  readonly lowModel?: ModelSize | null | undefined;
  /** Of the host, as {@link measureSlowness} tells it, (0, ∞): a slow one gets smaller models. Default: that of the reference. */
  readonly slowness?: number | undefined;
  /** One model of this size and one of half of it, instead of `models`; low band and search for repetitions when asked for. */
  readonly order?: number | undefined;
  readonly contextFrames?: number | undefined;
  /** How far back repetitions are searched, [0, 4]; 0 does without. Default 4, without WebAssembly 1. */
  readonly searchSeconds?: number | undefined;
  /** Sixteen weights of the mixture, of a {@link decodeBlend | model file}; default: as shipped. */
  readonly blend?: Float64Array | undefined;
  /** `plain` does without WebAssembly, by default with half the order; else WebAssembly where the host has it. */
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/** A hole is played at full level for this long, then fades to silence, so that no forecast ends as a buzz. */
const HOLD_MS = 60;
const FADE_MS = 120;
/** Bound of what is received. */
const FULL_RANGE = Float64Array.of(RANGE);
/** Longest search for repetitions. */
const SEARCH_SECONDS = 4;
/** Without WebAssembly the search costs ten times as much. */
const PLAIN_SEARCH_SECONDS = 1;

/**
 * Packet-loss concealment of one channel or of two linked ones, in play-out order: each packet time either
 * {@link receive} or {@link conceal} is called once and writes what to play. Without losses output equals input bit
 * for bit. A packet or output of the wrong length gives silence.
 */
export class Concealer {
  readonly packetFrames: number;
  readonly channels: 1 | 2;
  /** Whether the fast kernel is at work; for the host's own reports. */
  readonly isWasm: boolean;
  readonly #holdFrames: number;
  readonly #fadeFrames: number;
  readonly #forecaster: Forecaster;
  readonly #meeting: Meeting;
  /** One packet as it is played. */
  readonly #block: Float32Array;
  /** Level of the forecast by sample of a packet: a number that a function answers may be boxed on the heap. */
  readonly #levels: Float64Array;
  /** Samples played since the last good packet; 0 when it was the last one. */
  #gapFrames = 0;
  /** Whether the last concealed packet already meets the one behind it. */
  #isMet = false;

  constructor(options: ConcealerOptions) {
    const { sampleRateHz, packetFrames, channels = 1 } = options;
    const { least, most } = PACKET_FRAMES_RANGE;
    assert(sampleRateHz >= 8_000 && sampleRateHz <= 192_000, `sample rate ${sampleRateHz} Hz`);
    assert(
      Number.isInteger(packetFrames) && packetFrames >= least && packetFrames <= most,
      `packet of ${packetFrames}`,
    );
    const { kernel, slowness = 1 } = options;
    assert(slowness > 0, `a slowness of ${slowness}`);
    assert(options.blend === undefined || isBlend(options.blend), 'sixteen weights of a blend');
    const isFast = kernel !== 'plain' && canRunWasm();
    const isSized = options.order !== undefined || options.contextFrames !== undefined;
    const reach = isSized ? 0 : isFast ? SEARCH_SECONDS : PLAIN_SEARCH_SECONDS;
    const { searchSeconds = reach } = options;
    assert(searchSeconds >= 0 && searchSeconds <= SEARCH_SECONDS, `a search over ${searchSeconds} s`);
    const chosen = chooseModels(packetFrames, {
      channels,
      twoSided: options.twoSided,
      slowness: options.slowness,
      isWasm: isFast,
    });
    const models = options.models ?? (isSized ? modelsFor(options, chosen) : chosen);
    assert(models.length > 0, 'a model');
    const { lowModel = isSized ? null : chooseLowModel(models[0]) } = options;
    const hasLowBand = lowBandFactor(sampleRateHz, packetFrames) > 0;
    this.#forecaster = new Forecaster({
      sampleRateHz,
      packetFrames,
      channels,
      models,
      lowModel: hasLowBand ? lowModel : null,
      searchSeconds,
      blend: options.blend,
      kernel,
    });
    this.#meeting = new Meeting(packetFrames);
    this.#block = new Float32Array(channels * packetFrames);
    this.#levels = new Float64Array(packetFrames);
    this.packetFrames = packetFrames;
    this.channels = channels;
    this.isWasm = this.#forecaster.isWasm;
    this.#holdFrames = (HOLD_MS * sampleRateHz) / 1000;
    this.#fadeFrames = (FADE_MS * sampleRateHz) / 1000;
  }

  /** A packet that arrived in time: the same bits, or after a hole {@link recover}. */
  receive(packet: Float32Array, out: Float32Array): void {
    if (this.#gapFrames > 0) {
      this.recover(packet, out);
      return;
    }
    if (!this.#isWhole(packet, out)) return;
    copyFinite(packet, out);
    this.#forecaster.append(packet);
  }

  /**
   * The first packet behind a hole: faded in over its first half against the continuation of the forecast; played bit
   * for bit when the hole was already bent to meet it.
   */
  recover(packet: Float32Array, out: Float32Array): void {
    if (!this.#isWhole(packet, out)) return;
    copyFinite(packet, out);
    if (this.#gapFrames > 0 && !this.#isMet) this.#fadeIn(out);
    this.#gapFrames = 0;
    this.#forecaster.append(packet);
  }

  /**
   * What did not arrive in time: writes the forecast of as many frames as `out` has room for, one packet or several whole
   * ones. When the packet after them is already there, the last one is bent to meet it.
   */
  conceal(out: Float32Array, next?: Float32Array): void {
    const frames = this.packetFrames;
    const block = this.#block;
    const length = out.length / this.channels;
    if (!Number.isInteger(length / frames)) {
      out.fill(0);
      return;
    }
    for (let at = 0; at < length; at += frames) {
      this.#concealPacket(at + frames === length ? next : undefined);
      for (let c = 0; c < this.channels; c++)
        for (let i = 0; i < frames; i++) out[c * length + at + i] = block[c * frames + i] ?? 0;
    }
  }

  #concealPacket(next: Float32Array | undefined): void {
    const block = this.#block;
    if (this.#gapFrames === 0) this.#forecaster.begin();
    this.#forecaster.advance();
    this.#play(block, this.packetFrames, this.#gapFrames);
    this.#isMet = next !== undefined && next.length === block.length;
    if (next !== undefined && this.#isMet) this.#meet(next);
    this.#gapFrames += this.packetFrames;
    this.#forecaster.append(block);
  }

  /** Forgets the stream: the next packet is the first one. */
  reset(): void {
    this.#forecaster.clear();
    this.#gapFrames = 0;
  }

  #isWhole(packet: Float32Array, out: Float32Array): boolean {
    if (packet.length === this.#block.length && out.length === this.#block.length) return true;
    out.fill(0);
    return false;
  }

  /** Copies the forecast at the level that the length of the hole, `gapFrames` so far, allows. */
  #play(out: Float32Array, frames: number, gapFrames: number): void {
    const { samples, peaks } = this.#forecaster;
    const levels = this.#levels;
    this.#writeLevels(gapFrames);
    for (let c = 0; c < this.channels; c++) {
      const from = c * this.packetFrames;
      for (let i = 0; i < frames; i++) out[from + i] = (samples[from + i] ?? 0) * (levels[i] ?? 0);
      clampWithin(out, from, from + frames, peaks, c);
    }
  }

  /** Bends what was forecast to `next`, of which the continuation of the forecast misses something. */
  #meet(next: Float32Array): void {
    const meeting = this.#meeting;
    this.#forecaster.peek(meeting.frames);
    this.#forecaster.writeResponse(meeting.response);
    meeting.prepare();
    this.#writeLevels(this.#gapFrames + this.packetFrames);
    for (let c = 0; c < this.channels; c++) this.#meetChannel(c, next);
  }

  #meetChannel(channel: number, next: Float32Array): void {
    const { errors, correction, frames } = this.#meeting;
    const { samples, peaks } = this.#forecaster;
    const block = this.#block;
    const levels = this.#levels;
    const from = channel * this.packetFrames;
    for (let i = 0; i < frames; i++) errors[i] = (samples[from + i] ?? 0) * (levels[i] ?? 0);
    clampWithin(errors, 0, frames, peaks, channel);
    for (let i = 0; i < frames; i++) errors[i] = (next[from + i] ?? 0) - (errors[i] ?? 0);
    clampWithin(errors, 0, frames, FULL_RANGE, 0);
    this.#meeting.solve();
    for (let i = 0; i < this.packetFrames; i++)
      block[from + i] = (block[from + i] ?? 0) + (correction[i] ?? 0);
    clampWithin(block, from, from + this.packetFrames, peaks, channel);
  }

  /** Writes the level of the forecast from `gapFrames` after the last good sample on: 1, then a straight fade to 0. */
  #writeLevels(gapFrames: number): void {
    const levels = this.#levels;
    for (let i = 0; i < levels.length; i++) {
      const past = (gapFrames + i - this.#holdFrames) / this.#fadeFrames;
      levels[i] = past <= 0 ? 1 : past >= 1 ? 0 : 1 - past;
    }
  }

  /** Fades what stands in `out` in over the first half of a packet. */
  #fadeIn(out: Float32Array): void {
    const frames = this.packetFrames >> 1;
    const block = this.#block;
    this.#forecaster.peek(frames);
    this.#play(block, frames, this.#gapFrames);
    for (let from = 0; from < out.length; from += this.packetFrames) {
      for (let i = from; i < from + frames; i++) {
        const weight = (i - from + 0.5) / frames;
        out[i] = (block[i] ?? 0) * (1 - weight) + (out[i] ?? 0) * weight;
      }
    }
  }
}

function modelsFor(options: ConcealerOptions, chosen: readonly ModelSize[]): readonly ModelSize[] {
  const order = options.order ?? chosen[0]?.order ?? 1;
  const contextFrames = options.contextFrames ?? chosen[0]?.contextFrames ?? 1;
  return [
    { order, contextFrames },
    { order: Math.max(1, order >> 1), contextFrames: contextFrames >> 1 },
  ];
}

/** Copies one packet; a sample that is not finite becomes silence. */
function copyFinite(packet: Float32Array, out: Float32Array): void {
  for (let i = 0; i < packet.length; i++) {
    const sample = packet[i] ?? 0;
    out[i] = sample - sample === 0 ? sample : 0;
  }
}
