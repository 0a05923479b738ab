// realtime
import type { Kernel, KernelOptions } from './kernel.ts';
import { PlainKernel } from './plain-kernel.ts';

/** Several plain models over the same samples. */
export class PlainModels implements Kernel {
  readonly samples: Float64Array;
  readonly #packetFrames: number;
  readonly #models: PlainKernel[] = [];
  readonly #windows: number[] = [];

  constructor(options: KernelOptions) {
    const { packetFrames, models, samplesFrames } = options;
    this.samples = new Float64Array(samplesFrames);
    this.#packetFrames = packetFrames;
    for (const { order, windowFrames } of models) {
      this.#models.push(new PlainKernel(order, this.samples));
      this.#windows.push(windowFrames);
    }
  }

  slide(newest: number): void {
    for (let m = 0; m < this.#models.length; m++)
      this.#models[m]?.slide(newest, newest - (this.#windows[m] ?? 0), this.#packetFrames);
  }

  fit(model: number, end: number, frames: number, order: number): number {
    return this.#models[model]?.fit(end - frames, frames, order) ?? 0;
  }

  forecast(model: number, at: number, frames: number): void {
    this.#models[model]?.forecast(at, frames);
  }

  clear(): void {
    for (let m = 0; m < this.#models.length; m++) this.#models[m]?.clear();
  }
}
