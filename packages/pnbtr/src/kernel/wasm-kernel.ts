// realtime
import { FULLY_PREDICTED, type Kernel, lagsFor, SILENT_POWER, WHITENING } from './kernel.ts';
import {
  indexOf,
  LAG_ZERO,
  ORDER_MAX,
  REVERSED_AT,
  SAMPLES_AT,
  SAMPLES_FRAMES,
  STOP_AT,
  STRIDE,
} from './layout.ts';
import { kernelModule } from './wasm-module.ts';
import { wasmPlatform } from './wasm-platform.ts';

/** What the module exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly slide: (newest: number, oldest: number, bytes: number, lagBytes: number) => void;
  readonly fit: (order: number) => number;
  readonly forecast: (at: number, end: number, orderBytes: number) => void;
}

const LEFT = indexOf('left');
const LEFT_REVERSED = indexOf('leftReversed');
const RIGHT = indexOf('right');
const RIGHT_REVERSED = indexOf('rightReversed');
const COEFFICIENTS = indexOf('coefficients');
const COEFFICIENTS_NEXT = indexOf('coefficientsNext');
const GAIN = indexOf('gain');
const ROW = indexOf('row');

let compiled: object | null = null;

/** Whether this host runs the module; compiles it once. False without WebAssembly SIMD, or where a policy forbids it. */
export function canRunWasm(): boolean {
  const platform = wasmPlatform();
  if (platform === null) return false;
  try {
    compiled ??= new platform.Module(kernelModule());
    return true;
  } catch {
    return false;
  }
}

/** A kernel in WebAssembly SIMD, or `null` where {@link canRunWasm} says no. */
export function createWasmKernel(orderMax: number): WasmKernel | null {
  const platform = wasmPlatform();
  if (!canRunWasm() || platform === null || compiled === null) return null;
  // The cast is the boundary to our own module, whose exports wasm-module.ts defines.
  return new WasmKernel(new platform.Instance(compiled).exports as Exports, orderMax);
}

/** The twin of {@link PlainKernel} over the memory of one WebAssembly instance. */
export class WasmKernel implements Kernel {
  readonly samples: Float64Array;
  readonly #memory: Float64Array;
  readonly #exports: Exports;
  readonly #lagBytes: number;
  #order = 0;

  constructor(exports: Exports, orderMax: number) {
    this.#exports = exports;
    this.#memory = new Float64Array(exports.memory.buffer);
    this.samples = new Float64Array(exports.memory.buffer, SAMPLES_AT * 8, SAMPLES_FRAMES);
    this.#lagBytes = lagsFor(orderMax) * 8;
  }

  slide(newest: number, oldest: number, frames: number): void {
    this.#exports.slide((SAMPLES_AT + newest) * 8, (SAMPLES_AT + oldest) * 8, frames * 8, this.#lagBytes);
  }

  fit(start: number, frames: number, order: number): number {
    const memory = this.#memory;
    const energy = memory[LAG_ZERO] ?? 0;
    this.#prepare(start, frames, order);
    memory[STOP_AT] = Math.max(2 * energy * FULLY_PREDICTED, frames * SILENT_POWER);
    const reached = this.#exports.fit(order);
    const a = reached % 2 === 0 ? COEFFICIENTS : COEFFICIENTS_NEXT;
    // Four coefficients are taken at a time: the places past the order are zero.
    const top = REVERSED_AT + ORDER_MAX;
    for (let k = 1; k <= order + 3 && k <= ORDER_MAX; k++)
      memory[top - k] = k <= reached ? (memory[a + k] ?? 0) : 0;
    this.#order = reached;
    return reached;
  }

  forecast(at: number, frames: number): void {
    const order = Math.ceil(this.#order / 4) * 4;
    if (order === 0) this.samples.fill(0, at, at + frames);
    else this.#exports.forecast((SAMPLES_AT + at) * 8, (SAMPLES_AT + at + frames) * 8, order * 8);
  }

  clear(): void {
    this.#memory.fill(0);
    this.#order = 0;
  }

  /** Sets the work arrays to order 0: edges of the window in both directions, a = 1, g and r of Vos's algorithm. */
  #prepare(start: number, frames: number, order: number): void {
    const memory = this.#memory;
    const first = SAMPLES_AT + start;
    const last = first + frames - 1;
    const lagOne = 2 * (memory[LAG_ZERO - 1] ?? 0);
    memory.fill(0, 0, 9 * STRIDE);
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
