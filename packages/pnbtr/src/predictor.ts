// realtime
import { assert } from '@jamnet/base';
import { clamp } from './clamp.ts';
import type { Kernel } from './kernel/kernel.ts';
import { lagsFor } from './kernel/kernel.ts';
import { QUANTUM, RANGE, SAMPLES_FRAMES } from './kernel/layout.ts';
import { PlainKernel } from './kernel/plain-kernel.ts';
import { createWasmKernel } from './kernel/wasm-kernel.ts';

export interface PredictorOptions {
  readonly packetFrames: number;
  readonly order: number;
  /** Window of the model in samples; rounded up to whole packets. */
  readonly contextFrames: number;
  /** `plain` never uses WebAssembly; default: WebAssembly where the host has it. */
  readonly kernel?: 'wasm' | 'plain' | undefined;
  /** Whether a fresh model is tried on the last packets; see {@link PREDICTOR_FIGURE}. */
  readonly isTried?: boolean | undefined;
}

/** Places in {@link Predictor.figures}. */
export const PREDICTOR_FIGURE = {
  /** Loudest sample of the window when the forecast began. */
  peak: 0,
  /** Error energy of the fresh model's forecasts of the last packets over the packets' energy; it has seen them. */
  backtestError: 1,
  /** What of those packets is not explained even at the best level: 1 − squared correlation, [0, 1]. */
  backtestMisfit: 2,
} as const;

/** Packets that arrived last on which a fresh model is tried before it is trusted. */
const BACKTEST_PACKETS = 3;

/**
 * The past of one channel and its continuation: takes packets as they were played, and from the moment of a loss
 * forecasts on. The forecast runs on a line of its own, so that a level put on what is played does not feed back.
 */
export class Predictor {
  readonly packetFrames: number;
  /** Whether the fast kernel is at work. */
  readonly isWasm: boolean;
  /** What is known since {@link begin}, in a typed array: a number that a function answers may be boxed on the heap. */
  readonly figures = new Float64Array(3);
  readonly #isTried: boolean;
  readonly #kernel: Kernel;
  readonly #samples: Float64Array;
  readonly #order: number;
  readonly #window: number;
  /** Places from here on hold the line. */
  readonly #lineStart: number;
  /** Places from here on are for {@link writeResponse}. */
  readonly #responseStart: number;
  #end: number;
  /** Samples heard since the beginning, up to the window: a young stream is modelled by what there is of it. */
  #heard = 0;
  #lineEnd: number;

  constructor(options: PredictorOptions) {
    const { packetFrames, order } = options;
    const least = Math.max(options.contextFrames, lagsFor(order) + packetFrames);
    const wasm = options.kernel === 'plain' ? null : createWasmKernel(order);
    this.packetFrames = packetFrames;
    this.#isTried = options.isTried === true;
    this.isWasm = wasm !== null;
    this.#kernel = wasm ?? new PlainKernel(order);
    this.#samples = this.#kernel.samples;
    this.#order = order;
    this.#window = Math.ceil(least / packetFrames) * packetFrames;
    this.#lineStart = 2 * this.#window + 2 * packetFrames;
    this.#responseStart = SAMPLES_FRAMES - order - 2 * packetFrames;
    assert(
      this.#lineStart + order + 4 * packetFrames <= this.#responseStart,
      'a context that fits the kernel',
    );
    this.#end = this.#window;
    this.#lineEnd = this.#lineStart + order;
  }

  /** Takes a packet of the signal, received or as played in a hole, into the window. */
  append(packet: Float32Array): void {
    const frames = this.packetFrames;
    const x = this.#samples;
    if (this.#end + frames > this.#lineStart) {
      x.copyWithin(0, this.#end - this.#window, this.#end);
      this.#end = this.#window;
    }
    const end = this.#end;
    for (let i = 0; i < frames; i++) {
      const sample = packet[i] ?? 0;
      x[end + i] = sample;
      // Written out: where a number may be a fraction or a constant it is boxed on the heap.
      if (!(sample <= RANGE && sample >= -RANGE)) this.#hold(end + i);
      x[end + i] = Math.round((x[end + i] ?? 0) / QUANTUM) * QUANTUM;
    }
    this.#kernel.slide(end, end - this.#window, frames);
    this.#end = end + frames;
    this.#heard = Math.min(this.#heard + frames, this.#window);
  }

  /** Brings a sample into ±RANGE; NaN becomes 0. */
  #hold(at: number): void {
    const sample = this.#samples[at] ?? 0;
    this.#samples[at] = sample > RANGE ? RANGE : sample < -RANGE ? -RANGE : 0;
  }

  /** Fits the model to the window, tries it, and puts the line at the window's end. */
  begin(): void {
    const end = this.#end;
    // Samples before the first are zeros and add nothing to the correlations, so a shorter window describes them as well.
    const order = Math.min(this.#order, Math.floor(this.#heard / 3));
    this.#kernel.fit(end - this.#heard, this.#heard, order);
    this.#measurePeak();
    if (this.#isTried) this.#backtest();
    this.#startLineAt(end);
  }

  /** Goes on for `frames`: the forecast is in `samples[at, at + frames)`, `at` being the answer. */
  advance(frames: number): number {
    const at = this.peek(frames);
    this.#lineEnd = at + frames;
    return at;
  }

  /** Moves the line's end behind the `frames` that {@link peek} wrote last. */
  skip(frames: number): void {
    this.#lineEnd += frames;
  }

  /** As {@link advance}, but the line stays where it is. `frames` at most two packets. */
  peek(frames: number): number {
    const x = this.#samples;
    if (this.#lineEnd + frames > this.#responseStart) this.#startLineAt(this.#lineEnd);
    const at = this.#lineEnd;
    this.#kernel.forecast(at, frames);
    const bound = (this.figures[PREDICTOR_FIGURE.peak] ?? 0) * RUNAWAY;
    for (let n = at; n < at + frames; n++) x[n] = clamp(x[n] ?? 0, bound);
    return at;
  }

  /** Writes the model's answer to a single 1 and the silence after it; at most two packets long. */
  writeResponse(out: Float64Array): void {
    const x = this.#samples;
    const one = this.#responseStart + this.#order;
    x.fill(0, this.#responseStart, one);
    x[one] = 1;
    const frames = Math.min(out.length - 1, x.length - one - 1);
    this.#kernel.forecast(one + 1, frames);
    for (let i = 0; i <= frames; i++) out[i] = x[one + i] ?? 0;
  }

  /** The forecast's places; see {@link advance}. */
  get samples(): Float64Array {
    return this.#samples;
  }

  clear(): void {
    this.#kernel.clear();
    this.#heard = 0;
    this.#end = this.#window;
    this.#lineEnd = this.#lineStart + this.#order;
  }

  /** Moves the `order` samples before `place` to the beginning of the line. */
  #startLineAt(place: number): void {
    this.#samples.copyWithin(this.#lineStart, place - this.#order, place);
    this.#lineEnd = this.#lineStart + this.#order;
  }

  #measurePeak(): void {
    const x = this.#samples;
    let peak = 0;
    for (let n = this.#end - this.#window; n < this.#end; n++) {
      const sample = x[n] ?? 0;
      peak = Math.max(peak, sample < 0 ? -sample : sample);
    }
    this.figures[PREDICTOR_FIGURE.peak] = peak;
  }

  /** Forecasts each of the last packets from what was before it, with the model that is to be used now. */
  #backtest(): void {
    const frames = this.packetFrames;
    const x = this.#samples;
    let agreement = 0;
    let forecastEnergy = 0;
    let energy = FAINT;
    for (let back = 1; back <= BACKTEST_PACKETS; back++) {
      const start = this.#end - back * frames;
      this.#startLineAt(start);
      const at = this.peek(frames);
      for (let i = 0; i < frames; i++) {
        const forecast = x[at + i] ?? 0;
        const truth = x[start + i] ?? 0;
        agreement += truth * forecast;
        forecastEnergy += forecast * forecast;
        energy += truth * truth;
      }
    }
    const alike = agreement > 0 ? (agreement / energy) * (agreement / (forecastEnergy + FAINT)) : 0;
    this.figures[PREDICTOR_FIGURE.backtestError] =
      Math.max(0, energy - 2 * agreement + forecastEnergy) / energy;
    this.figures[PREDICTOR_FIGURE.backtestMisfit] = Math.max(0, 1 - alike);
  }
}

/** Keeps divisions by the energy of silence away. */
const FAINT = 1e-9;

/**
 * The recursion may pass the window's peak by this factor before it is held: a tight clamp inside it would be an
 * impulse to poles that lie close to the unit circle, and tones would break up. What is played is clamped to the peak.
 */
const RUNAWAY = 8;
