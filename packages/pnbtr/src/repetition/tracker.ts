/**
 * Correlations of what just played with all of the past up to 4 s, at the decimated rate, kept up to date sample by
 * sample with an exponential memory. Two implementations, bit for bit alike: WebAssembly SIMD and plain TypeScript.
 * `memory` is laid out as in layout.ts; nothing allocates.
 */
export interface Tracker {
  readonly memory: Float32Array;
  /**
   * Brings the `frames` samples that the owner wrote at place `newest` of the history into the correlations; their
   * weights stand from WEIGHTS_AT on, the decay of the older sums just before them.
   */
  track(newest: number, frames: number): void;
  /**
   * The highest place, in steps of four from `top` down, of four correlations of which one may matter, or a place below
   * `bottom`. One matters when its square is more than the product of the energy that stands `toEnergy` places further
   * and of what the owner wrote to SCORE_AT, and that energy is more than what stands at FLOOR_AT.
   */
  scan(top: number, bottom: number, toEnergy: number): number;
  /** Writes the sum of products of two stretches of `frames`, a multiple of four, in four parts to RESULT_AT. */
  multiply(a: number, b: number, frames: number): void;
}

/** Lags in whole groups of 16, as the search is told how far to look. */
export function lagsWithin(seconds: number, rateHz: number, most: number): number {
  return Math.min(most, Math.ceil((seconds * rateHz) / 16) * 16);
}
