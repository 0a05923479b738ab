/**
 * Burg models of a stretch of signal whose correlations are kept up to date as packets arrive, so that a fit at the
 * moment of a loss costs only order² operations. Two implementations, one contract: WebAssembly SIMD and plain
 * TypeScript. All indexes are places in `samples`; nothing allocates.
 */
export interface Kernel {
  /** Where the owner keeps its signal, in multiples of QUANTUM within ±RANGE. Room: SAMPLES_FRAMES. */
  readonly samples: Float64Array;
  /**
   * Moves the window of the correlations by `frames`: the block at `newest` (just behind the window) comes in, the
   * one at `oldest` (the window's first) goes out. The window must be at least lags + frames long.
   */
  slide(newest: number, oldest: number, frames: number): void;
  /** Fits a model to the window `[start, start + frames)`, which the correlations must describe; answers the order reached. */
  fit(start: number, frames: number, order: number): number;
  /** Writes the model's continuation of what lies before `at` to `[at, at + frames)`. */
  forecast(at: number, frames: number): void;
  /** Forgets all samples and correlations. */
  clear(): void;
}

/** Lags kept for models up to `order`: one more than the recursion reads, in whole groups of 16. */
export function lagsFor(order: number): number {
  return Math.ceil((order + 2) / 16) * 16;
}

/** Damping of the reflection coefficients: up to 1e-5 costs nothing on music, but steady tones keep 20 dB more at 1e-7. */
export const DAMPING = 1e-7;
/** Mean power below which a window counts as silent: −120 dB of full scale, the floor of the model's quantum. */
export const SILENT_POWER = 1e-12;
/** Residual power over signal power at which nothing is left to predict in float64. */
export const FULLY_PREDICTED = 1e-14;

/**
 * White noise added to the correlations: −90 dB of the window. Band-limited tones above order 700 make the recursion
 * lose all digits at 0 to 1e-11 (measured on 40 partials below 8.8 kHz); 16-bit sound has more noise of its own.
 */
export const WHITENING = 1e-9;
