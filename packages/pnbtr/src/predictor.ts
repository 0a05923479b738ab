// realtime
import { LinearModel } from './linear-model.ts';
import { Past } from './past.ts';

export interface PredictorOptions {
  readonly packetFrames: number;
  readonly order: number;
  /** Window of the model in samples; rounded up to whole packets. */
  readonly contextFrames: number;
  /** `plain` never uses WebAssembly; default: WebAssembly where the host has it. */
  readonly kernel?: 'wasm' | 'plain' | undefined;
}

/** Places in {@link Predictor.figures}. */
export const PREDICTOR_FIGURE = {
  /** Loudest sample of the window when the forecast began. */
  peak: 0,
} as const;

/** One linear model and the past of one channel: plain Burg, the yardstick of the bench. */
export class Predictor {
  /** What is known since {@link begin}, in a typed array: a number that a function answers may be boxed on the heap. */
  readonly figures: Float64Array;
  readonly #past: Past;
  readonly #model: LinearModel;

  constructor(options: PredictorOptions) {
    const { packetFrames, order, contextFrames, kernel } = options;
    this.#past = new Past({ packetFrames, models: [{ order, contextFrames }], channels: 1, kernel });
    this.#model = new LinearModel(this.#past, 0);
    this.figures = this.#past.peaks;
  }

  /** The forecast's places; see {@link advance}. */
  get samples(): Float64Array {
    return this.#past.samples;
  }

  /** Takes a packet of the signal, received or as played in a hole, into the window. */
  append(packet: Float32Array): void {
    this.#past.append(packet);
  }

  /** Fits the model to the window and puts the line at the window's end. */
  begin(): void {
    this.#past.measurePeaks();
    this.#model.begin();
  }

  /** Goes on for `frames`: the forecast is in `samples[at, at + frames)`, `at` being the answer. */
  advance(frames: number): number {
    const at = this.peek(frames);
    this.#model.skip(0, frames);
    return at;
  }

  /** As {@link advance}, but the line stays where it is. `frames` at most two packets. */
  peek(frames: number): number {
    return this.#model.peek(0, frames);
  }
}
