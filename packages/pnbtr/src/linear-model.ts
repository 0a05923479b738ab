// realtime
import { clamp } from './clamp.ts';
import type { Past } from './past.ts';

/** Places in {@link LinearModel.figures}. */
export const MODEL_FIGURE = {
  /** Error energy of the fresh model's forecasts of the last packets over the packets' energy; it has seen them. */
  backtestError: 0,
  /** What of those packets is not explained even at the best level: 1 − squared correlation, [0, 1]. */
  backtestMisfit: 1,
} as const;

/** Packets that arrived last on which a fresh model is tried before it is trusted. */
const BACKTEST_PACKETS = 3;
/** Keeps divisions by the energy of silence away. */
const FAINT = 1e-9;
/**
 * The recursion may pass the window's peak by this factor before it is held: a tight clamp inside it would be an
 * impulse to poles that lie close to the unit circle, and tones would break up. What is played is clamped to the peak.
 */
const RUNAWAY = 8;
/** Samples that a kernel may write behind what it was asked for. */
const OVERRUN = 7;

/**
 * One of the linear models of a past and its continuation from the moment of a loss on. The forecast runs on a line of
 * its own by channel, so that a level put on what is played does not feed back.
 */
export class LinearModel {
  /** What is known since {@link begin}, in a typed array: a number that a function answers may be boxed on the heap. */
  readonly figures = new Float64Array(2);
  readonly #past: Past;
  readonly #model: number;
  readonly #order: number;
  readonly #window: number;
  readonly #lineEnds: Int32Array;

  constructor(past: Past, model: number) {
    this.#past = past;
    this.#model = model;
    this.#order = past.models[model]?.order ?? 0;
    this.#window = past.models[model]?.windowFrames ?? 0;
    this.#lineEnds = new Int32Array(past.channels);
  }

  /** Fits the model to its window and puts the lines at the past's end. The owner has measured the peaks. */
  begin(): void {
    const past = this.#past;
    const heard = Math.min(past.heard, this.#window);
    // Samples before the first are zeros and add nothing to the correlations, so a shorter window describes them as well.
    const order = Math.min(this.#order, Math.floor(heard / 3));
    past.kernel.fit(this.#model, past.end, heard, order);
    for (let c = 0; c < past.channels; c++) this.#startLineAt(c, past.channelEnd(c));
  }

  /** Forecasts each of the last packets of what was modelled from what was before it; `begin` must follow or stand before. */
  backtest(): void {
    const past = this.#past;
    const frames = past.packetFrames;
    const x = past.samples;
    let agreement = 0;
    let forecastEnergy = 0;
    let energy = FAINT;
    for (let back = 1; back <= BACKTEST_PACKETS; back++) {
      const start = past.end - back * frames;
      this.#startLineAt(0, start);
      const at = this.peek(0, frames);
      for (let i = 0; i < frames; i++) {
        const forecast = x[at + i] ?? 0;
        const truth = x[start + i] ?? 0;
        agreement += truth * forecast;
        forecastEnergy += forecast * forecast;
        energy += truth * truth;
      }
    }
    this.#startLineAt(0, past.channelEnd(0));
    const alike = agreement > 0 ? (agreement / energy) * (agreement / (forecastEnergy + FAINT)) : 0;
    this.figures[MODEL_FIGURE.backtestError] = Math.max(0, energy - 2 * agreement + forecastEnergy) / energy;
    this.figures[MODEL_FIGURE.backtestMisfit] = Math.max(0, 1 - alike);
  }

  /** The next `frames` of a channel, at most what a line has room for: they stand in the past's samples from the place answered on. */
  peek(channel: number, frames: number): number {
    const past = this.#past;
    const x = past.samples;
    const start = past.lineStart(this.#model, channel);
    if ((this.#lineEnds[channel] ?? 0) + frames + OVERRUN > start + past.lineFrames)
      this.#startLineAt(channel, this.#lineEnds[channel] ?? 0);
    const at = this.#lineEnds[channel] ?? 0;
    past.kernel.forecast(this.#model, at, frames);
    const bound = Math.max(past.peaks[0] ?? 0, past.peaks[past.channels - 1] ?? 0) * RUNAWAY;
    for (let n = at; n < at + frames; n++) {
      const sample = x[n] ?? 0;
      if (!(sample <= bound && sample >= -bound)) x[n] = clamp(sample, bound);
    }
    return at;
  }

  /** Moves the end of a channel's line behind the `frames` that {@link peek} wrote last. */
  skip(channel: number, frames: number): void {
    this.#lineEnds[channel] = (this.#lineEnds[channel] ?? 0) + frames;
  }

  /** Writes the model's answer to a single 1 and the silence after it; at most two packets long. */
  writeResponse(out: Float64Array): void {
    const past = this.#past;
    const x = past.samples;
    const one = past.responseStart + this.#order;
    x.fill(0, past.responseStart, one);
    x[one] = 1;
    past.kernel.forecast(this.#model, one + 1, out.length - 1);
    for (let i = 0; i < out.length; i++) out[i] = x[one + i] ?? 0;
  }

  /** Moves the `order` samples before `place` to the beginning of a channel's line. */
  #startLineAt(channel: number, place: number): void {
    const past = this.#past;
    const start = past.lineStart(this.#model, channel);
    // Pairs of samples are read: one more than an odd order.
    const before = this.#order + 2;
    past.samples.copyWithin(start, place - before, place);
    this.#lineEnds[channel] = start + before;
  }
}
