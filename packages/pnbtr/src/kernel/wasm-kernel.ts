// realtime
import {
  FULLY_PREDICTED,
  type Kernel,
  type KernelOptions,
  lagsFor,
  lagsOf,
  SILENT_POWER,
  WHITENING,
  windowOf,
} from './kernel.ts';
import { BEFORE_END, indexOf, LAG_ZERO, MODELS_AT, STOP_AT, WORK_PLACES } from './layout.ts';
import { compileKernel } from './wasm-module.ts';
import { wasmPlatform } from './wasm-platform.ts';

/** What the module exports; addresses in bytes. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly correlate: (newest: number, bytes: number, target: number, lagBytes: number) => void;
  readonly shift: (sum: number, plus: number, minus: number, bytes: number) => void;
  readonly edges: (first: number, sum: number, lagBytes: number) => void;
  readonly fit: (order: number) => number;
  readonly forecast: (at: number, end: number, orderBytes: number, top: number) => void;
}

const LEFT = indexOf('left');
const LEFT_REVERSED = indexOf('leftReversed');
const RIGHT = indexOf('right');
const RIGHT_REVERSED = indexOf('rightReversed');
const COEFFICIENTS = indexOf('coefficients');
const COEFFICIENTS_NEXT = indexOf('coefficientsNext');
const GAIN = indexOf('gain');
const ROW = indexOf('row');

const PAGE_BYTES = 65_536;
/** Zeros before the highest coefficient: eight samples are forecast at a time. */
const TAIL = 16;

/** Whether this host runs the module; compiles it once. False without WebAssembly SIMD, or where a policy forbids it. */
export function canRunWasm(): boolean {
  return compileKernel() !== null;
}

/** A kernel in WebAssembly SIMD, or `null` where {@link canRunWasm} says no. */
export function createWasmKernel(options: KernelOptions): WasmKernel | null {
  const platform = wasmPlatform();
  const compiled = compileKernel();
  if (platform === null || compiled === null) return null;
  // The cast is the boundary to our own module, whose exports wasm-module.ts defines.
  return new WasmKernel(new platform.Instance(compiled).exports as Exports, options);
}

/**
 * The twin of PlainModels over the memory of one WebAssembly instance. The correlations of each packet with what was
 * before it are kept as long as the longest window and summed over each; what the first samples of a window have in
 * common with those before it is taken out again when a model is fitted.
 */
export class WasmKernel implements Kernel {
  readonly samples: Float64Array;
  readonly #memory: Float64Array;
  readonly #exports: Exports;
  readonly #packetFrames: number;
  readonly #lags: number;
  /** By model: window in packets, lags, place of the sums, place behind the coefficients in falling order. */
  readonly #windows: Int32Array;
  readonly #modelLags: Int32Array;
  readonly #sums: Int32Array;
  readonly #tops: Int32Array;
  readonly #orders: Int32Array;
  readonly #ring: number;
  readonly #slots: number;
  readonly #samplesAt: number;
  /** Slot of the next packet. */
  #slot = 0;

  constructor(exports: Exports, options: KernelOptions) {
    const { packetFrames, models, samplesFrames } = options;
    const count = models.length;
    this.#packetFrames = packetFrames;
    this.#lags = lagsOf(models);
    this.#slots = windowOf(models) / packetFrames + 1;
    this.#windows = new Int32Array(count);
    this.#modelLags = new Int32Array(count);
    this.#sums = new Int32Array(count);
    this.#tops = new Int32Array(count);
    this.#orders = new Int32Array(count);
    let place = MODELS_AT;
    for (let m = 0; m < count; m++) {
      const { order = 1, windowFrames = 0 } = models[m] ?? {};
      this.#windows[m] = windowFrames / packetFrames;
      this.#modelLags[m] = lagsFor(order);
      this.#sums[m] = place;
      place += lagsFor(order) + TAIL + order + (order & 1);
      this.#tops[m] = place;
    }
    this.#ring = place;
    this.#samplesAt = place + this.#slots * this.#lags;
    const bytes = (this.#samplesAt + samplesFrames) * 8;
    exports.memory.grow(Math.max(0, Math.ceil((bytes - exports.memory.buffer.byteLength) / PAGE_BYTES)));
    this.#exports = exports;
    this.#memory = new Float64Array(exports.memory.buffer);
    this.samples = new Float64Array(exports.memory.buffer, this.#samplesAt * 8, samplesFrames);
  }

  slide(newest: number): void {
    const target = this.#ring + this.#slot * this.#lags;
    const { correlate, shift } = this.#exports;
    correlate((this.#samplesAt + newest) * 8, this.#packetFrames * 8, target * 8, this.#lags * 8);
    for (let m = 0; m < this.#sums.length; m++) {
      const lags = this.#modelLags[m] ?? 0;
      const old = (this.#slot + this.#slots - (this.#windows[m] ?? 0)) % this.#slots;
      // Low lags stand at the end.
      const skipped = this.#lags - lags;
      const leaving = this.#ring + old * this.#lags + skipped;
      shift((this.#sums[m] ?? 0) * 8, (target + skipped) * 8, leaving * 8, lags * 8);
    }
    this.#slot = (this.#slot + 1) % this.#slots;
  }

  fit(model: number, end: number, frames: number, order: number): number {
    const memory = this.#memory;
    this.#windowCorrelations(model, end);
    this.#prepare(end - frames, frames, order);
    memory[STOP_AT] = Math.max(2 * (memory[LAG_ZERO] ?? 0) * FULLY_PREDICTED, frames * SILENT_POWER);
    const reached = this.#exports.fit(order);
    const a = reached % 2 === 0 ? COEFFICIENTS : COEFFICIENTS_NEXT;
    const top = this.#tops[model] ?? 0;
    memory.fill(0, (this.#sums[model] ?? 0) + (this.#modelLags[model] ?? 0), top);
    for (let k = 1; k <= reached; k++) memory[top - k] = memory[a + k] ?? 0;
    this.#orders[model] = reached;
    return reached;
  }

  forecast(model: number, at: number, frames: number): void {
    const order = this.#orders[model] ?? 0;
    const from = this.#samplesAt + at;
    if (order === 0) this.samples.fill(0, at, at + frames);
    else
      this.#exports.forecast(
        from * 8,
        (from + frames) * 8,
        (order + (order & 1)) * 8,
        (this.#tops[model] ?? 0) * 8,
      );
  }

  clear(): void {
    this.#memory.fill(0);
    this.#orders.fill(0);
    this.#slot = 0;
  }

  /** Writes the correlations of the model's window to LAG_ZERO and below. */
  #windowCorrelations(model: number, end: number): void {
    const lags = this.#modelLags[model] ?? 0;
    const first = this.#samplesAt + end - (this.#windows[model] ?? 0) * this.#packetFrames;
    this.#memory.copyWithin(BEFORE_END - lags, first - lags, first);
    this.#exports.edges(first * 8, (this.#sums[model] ?? 0) * 8, lags * 8);
  }

  /** Sets the work arrays to order 0: edges of the window in both directions, a = 1, g and r of Vos's algorithm. */
  #prepare(start: number, frames: number, order: number): void {
    const memory = this.#memory;
    const first = this.#samplesAt + start;
    const last = first + frames - 1;
    const lagOne = 2 * (memory[LAG_ZERO - 1] ?? 0);
    memory.fill(0, 0, WORK_PLACES);
    for (let j = 0; j <= order; j++) {
      const left = memory[first + j] ?? 0;
      const right = memory[last - j] ?? 0;
      memory[LEFT + j] = left;
      memory[LEFT_REVERSED + order - j] = left;
      memory[RIGHT_REVERSED + j] = right;
      memory[RIGHT + order - j] = right;
    }
    memory[COEFFICIENTS] = 1;
    const edges = (memory[first] ?? 0) ** 2 + (memory[last] ?? 0) ** 2;
    memory[GAIN] = 2 * (memory[LAG_ZERO] ?? 0) * (1 + WHITENING) - edges;
    memory[GAIN + 1] = lagOne;
    memory[ROW + order] = lagOne;
  }
}
