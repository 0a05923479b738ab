// realtime
import { wasmPlatform } from '../kernel/wasm-platform.ts';
import { MEMORY_FRAMES, SEARCH_LAGS } from './layout.ts';
import type { Tracker } from './tracker.ts';
import { trackerModule } from './tracker-module.ts';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly track: (newestByte: number, bytes: number, skippedBytes: number) => void;
}

let compiled: object | null = null;

/** A tracker in WebAssembly SIMD, or `null` where the host or its policy does without. */
export function createWasmTracker(lags: number): WasmTracker | null {
  const platform = wasmPlatform();
  if (platform === null) return null;
  try {
    compiled ??= new platform.Module(trackerModule());
  } catch {
    return null;
  }
  // The cast is the boundary to our own module, whose exports tracker-module.ts defines.
  return new WasmTracker(new platform.Instance(compiled).exports as Exports, lags);
}

/** The twin of PlainTracker over the memory of one WebAssembly instance. */
export class WasmTracker implements Tracker {
  readonly memory: Float32Array;
  readonly #exports: Exports;
  readonly #skippedBytes: number;

  constructor(exports: Exports, lags: number) {
    this.#exports = exports;
    this.memory = new Float32Array(exports.memory.buffer, 0, MEMORY_FRAMES);
    this.#skippedBytes = (SEARCH_LAGS - lags) * 4;
  }

  track(newest: number, frames: number): void {
    this.#exports.track(newest * 4, frames * 4, this.#skippedBytes);
  }
}
