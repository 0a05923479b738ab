// realtime
import { compileFirst, wasmPlatform } from '../kernel/wasm-platform.ts';
import { PAST_AT, SEARCH_LAGS } from './layout.ts';
import type { Tracker } from './tracker.ts';
import { trackerModule } from './tracker-module.ts';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly track: (newestByte: number, bytes: number, skippedBytes: number) => void;
  readonly scan: (topByte: number, bottomByte: number, toEnergyBytes: number) => number;
  readonly multiply: (aByte: number, bByte: number, bytes: number) => void;
}

const PAGE_BYTES = 65_536;

let compiled: object | null | undefined;

/** A tracker in WebAssembly SIMD, or `null` where the host or its policy does without. */
export function createWasmTracker(lags: number, pastFrames: number): WasmTracker | null {
  const platform = wasmPlatform();
  if (compiled === undefined) compiled = compileFirst([trackerModule()]);
  if (platform === null || compiled === null) return null;
  // The cast is the boundary to our own module, whose exports tracker-module.ts defines.
  return new WasmTracker(new platform.Instance(compiled).exports as Exports, lags, pastFrames);
}

/** The twin of PlainTracker over the memory of one WebAssembly instance. */
export class WasmTracker implements Tracker {
  readonly memory: Float32Array;
  readonly #exports: Exports;
  readonly #skippedBytes: number;

  constructor(exports: Exports, lags: number, pastFrames: number) {
    const frames = PAST_AT + pastFrames;
    const missing = frames * 4 - exports.memory.buffer.byteLength;
    exports.memory.grow(Math.max(0, Math.ceil(missing / PAGE_BYTES)));
    this.#exports = exports;
    this.memory = new Float32Array(exports.memory.buffer, 0, frames);
    this.#skippedBytes = (SEARCH_LAGS - lags) * 4;
  }

  track(newest: number, frames: number): void {
    this.#exports.track(newest * 4, frames * 4, this.#skippedBytes);
  }

  scan(top: number, bottom: number, toEnergy: number): number {
    return this.#exports.scan(top * 4, bottom * 4, toEnergy * 4) >> 2;
  }

  multiply(a: number, b: number, frames: number): void {
    this.#exports.multiply(a * 4, b * 4, frames * 4);
  }
}
