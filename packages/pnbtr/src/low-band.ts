// realtime
import { kaiserFilter } from './kaiser-filter.ts';
import { LinearModel, MODEL_FIGURE } from './linear-model.ts';
import type { ModelSize } from './model-size.ts';
import { Past } from './past.ts';

export interface LowBandOptions {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  readonly channels: 1 | 2;
  /** Order and context in samples of the low rate. */
  readonly model: ModelSize;
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/** Rate of the low band, roughly: nine tenths of the energy of distorted guitars and mixes lies below half of it. */
const LOW_RATE_HZ = 5_512.5;
/** Fewest samples of the low rate in a packet; below, a forecast is over before the low band has moved. */
const LOW_PACKET_FRAMES_LEAST = 4;
/** The low-pass reaches so many samples of the low rate to both sides; four to eight score alike. */
const REACH = 4;
/** Its edge as a share of what the low rate can hold, and its stop-band, dB. */
const EDGE = 0.8;
const STOP_BAND_DB = 68;
/** How much the low model's error on the last packets counts against that of the others: 1 to 2.5 score alike to 0.05 dB. */
const CAUTION = 2;
const FAINT = 1e-9;

/** By how much the rate of the low band is lower, a power of two; 0 where packets of this length do not hold whole samples of it. */
export function lowBandFactor(sampleRateHz: number, packetFrames: number): number {
  const factor = 2 ** Math.round(Math.log2(sampleRateHz / LOW_RATE_HZ));
  const isWhole = packetFrames % factor === 0 && packetFrames / factor >= LOW_PACKET_FRAMES_LEAST;
  return factor > 1 && isWhole ? factor : 0;
}

/**
 * A second opinion on the bass. Burg's method weighs all frequencies alike, most of which are empty; a model of the signal
 * at an eighth of the rate sees a quarter of a second with a small order. Where it forecasts the low band otherwise than
 * the models at the full rate do, the difference is brought back to the full rate and added in part.
 */
export class LowBand {
  /** Samples behind what is corrected that the owner must forecast at the full rate. */
  readonly aheadFrames: number;
  /** By channel: {@link lineFrames} places; from {@link aheadFrames} on the owner writes what the other models forecast. */
  readonly base: Float64Array;
  readonly lineFrames: number;
  /** The low model's forecast less that of the others, one channel; see {@link correct}. */
  readonly correction: Float64Array;
  /** Weight of the low model, (0, 1), since {@link begin}. */
  readonly share = new Float64Array(1);
  readonly #factor: number;
  readonly #reach: number;
  readonly #packetFrames: number;
  readonly #channels: 1 | 2;
  readonly #taps: Float64Array;
  readonly #past: Past;
  readonly #model: LinearModel;
  readonly #packet: Float32Array;
  /** By channel: difference of the forecasts at the low rate, from `reach` before what is corrected on. */
  readonly #differences: Float64Array;
  readonly #differenceFrames: number;
  /** One decimated sample: a fraction that passes between functions may be boxed on the heap. */
  readonly #low = new Float64Array(1);
  #isPrimed = false;

  constructor(options: LowBandOptions) {
    const { sampleRateHz, packetFrames, channels, model, kernel } = options;
    const factor = lowBandFactor(sampleRateHz, packetFrames);
    const lowFrames = packetFrames / factor;
    const reach = REACH * factor;
    this.#factor = factor;
    this.#reach = reach;
    this.#packetFrames = packetFrames;
    this.#channels = channels;
    // A row of 2·reach taps around place reach − 1; the one at +reach is as good as 0.
    this.#taps = kaiserFilter(2 * reach, 1, EDGE / (2 * factor), STOP_BAND_DB).rows.slice(0, 2 * reach);
    this.#past = new Past({ packetFrames: lowFrames, models: [model], channels, kernel });
    this.#model = new LinearModel(this.#past, 0);
    this.#packet = new Float32Array(channels * lowFrames);
    this.#differenceFrames = 2 * REACH + lowFrames;
    this.#differences = new Float64Array(channels * this.#differenceFrames);
    this.aheadFrames = 2 * reach;
    this.lineFrames = 2 * this.aheadFrames + packetFrames;
    this.base = new Float64Array(channels * this.lineFrames);
    this.correction = new Float64Array(packetFrames);
  }

  /** Takes the packet that `past` has just taken. */
  append(past: Past): void {
    const lowFrames = this.#packetFrames / this.#factor;
    for (let c = 0; c < this.#channels; c++) {
      // The last whole low sample has its middle `reach` and one step before the end.
      const first = past.channelEnd(c) - this.#reach - this.#packetFrames;
      for (let i = 0; i < lowFrames; i++) {
        this.#decimate(past.samples, first + i * this.#factor);
        this.#packet[c * lowFrames + i] = this.#low[0] ?? 0;
      }
    }
    this.#past.append(this.#packet);
  }

  /** A hole begins behind `past`. `errors[0]`: error of the other models on the last packets over their energy. */
  begin(past: Past, errors: Float64Array): void {
    this.#past.measurePeaks();
    this.#model.begin();
    this.#model.backtest();
    const mine = this.#model.figures[MODEL_FIGURE.backtestError] ?? 0;
    const others = (errors[0] ?? 0) + FAINT;
    this.share[0] = others / (others + CAUTION * mine);
    this.#differences.fill(0);
    this.#isPrimed = false;
    for (let c = 0; c < this.#channels; c++) {
      const from = past.channelEnd(c) - this.aheadFrames;
      for (let i = 0; i < this.aheadFrames; i++)
        this.base[c * this.lineFrames + i] = past.samples[from + i] ?? 0;
    }
  }

  /** Empties what the owner is to write of a channel's {@link base}. */
  start(channel: number): void {
    const from = channel * this.lineFrames;
    this.base.fill(0, from + this.aheadFrames, from + this.lineFrames);
  }

  /** Finds a channel's {@link correction} of the next `frames`; the owner has written {@link base} `aheadFrames` further. */
  correct(channel: number, frames: number): void {
    const origin = channel * this.lineFrames;
    if (!this.#isPrimed) this.#prime(channel, origin);
    const count = Math.ceil(frames / this.#factor) + REACH;
    const at = this.#model.peek(channel, count);
    const first = channel * this.#differenceFrames + REACH;
    for (let j = 0; j < count && j < this.#differenceFrames - REACH; j++) {
      this.#decimate(this.base, origin + this.aheadFrames + j * this.#factor);
      this.#differences[first + j] = (this.#past.samples[at + j] ?? 0) - (this.#low[0] ?? 0);
    }
    this.#interpolate(channel, frames);
    if (channel === this.#channels - 1) this.#isPrimed = true;
  }

  /** The hole has grown by a packet. */
  advance(): void {
    const lowFrames = this.#packetFrames / this.#factor;
    for (let c = 0; c < this.#channels; c++) {
      this.#model.skip(c, lowFrames);
      const line = c * this.lineFrames;
      this.base.copyWithin(line, line + this.#packetFrames, line + this.#packetFrames + this.aheadFrames);
      const from = c * this.#differenceFrames;
      this.#differences.copyWithin(from, from + lowFrames, from + lowFrames + REACH);
    }
  }

  clear(): void {
    this.#past.clear();
  }

  /** The last low samples before the hole, which reach into it, by what the other models forecast there. */
  #prime(channel: number, origin: number): void {
    const at = this.#model.peek(channel, REACH);
    for (let i = 0; i < REACH; i++) {
      this.#decimate(this.base, origin + this.#reach + i * this.#factor);
      this.#past.samples[at + i] = this.#low[0] ?? 0;
    }
    this.#model.skip(channel, REACH);
  }

  /** The low band at a place of a signal, to {@link #low}. */
  #decimate(samples: Float64Array, middle: number): void {
    const taps = this.#taps;
    const first = middle - this.#reach + 1;
    let sum = 0;
    for (let i = 0; i < taps.length; i++) sum += (taps[i] ?? 0) * (samples[first + i] ?? 0);
    this.#low[0] = sum;
  }

  #interpolate(channel: number, frames: number): void {
    const factor = this.#factor;
    const taps = this.#taps;
    const from = channel * this.#differenceFrames;
    for (let i = 0; i < frames; i++) {
      // Difference k stands k·factor − reach behind the first sample of the packet.
      const newest = i + 2 * this.#reach - 1;
      const last = Math.floor(newest / factor);
      let sum = 0;
      for (let k = Math.floor(i / factor) + 1; k <= last; k++)
        sum += (this.#differences[from + k] ?? 0) * (taps[newest - k * factor] ?? 0);
      this.correction[i] = factor * sum;
    }
  }
}
