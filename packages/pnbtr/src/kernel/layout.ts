/** Largest model; past order 1024 nothing was gained on any recording. */
const ORDER_MAX = 1024;
/** Longest context. Sums of squares over it stay exact in float64 with {@link QUANTUM} and {@link RANGE}. */
const CONTEXT_FRAMES_MAX = 8192;
/** Longest packet. */
const PACKET_FRAMES_MAX = 2048;

/**
 * Step of the samples the model sees: 2⁻¹⁸ of full scale (−119 dB of noise; 16-bit sound is exact). With samples in
 * ±4 a product has at most 40 bits and a sum of 8192 of them 53, so the running correlations never drift.
 */
export const QUANTUM = 2 ** -18;
export const RANGE = 4;

/** Zeros before and behind each work array, so that loops of four lanes may run over both ends. */
const PAD = 4;
/** Places between the starts of two work arrays, in float64. */
const STRIDE = ORDER_MAX + 2 * PAD + 8;

/** Work arrays of the fit, in this order: see plain-kernel.ts for what each holds. */
const ARRAYS = {
  left: 0,
  leftReversed: 1,
  rightReversed: 2,
  right: 3,
  coefficients: 4,
  coefficientsNext: 5,
  gain: 6,
  gainNext: 7,
  row: 8,
} as const;
export type WorkArray = keyof typeof ARRAYS;
export const WORK_PLACES = 9 * STRIDE;

/** Index of element 0 of a work array. */
export function indexOf(array: WorkArray): number {
  return ARRAYS[array] * STRIDE + PAD;
}

/** Correlations by falling lag: lag k at `LAG_ZERO − k`; a multiple of 16 places. */
const LAGS_MAX = ORDER_MAX + 16;
export const LAG_ZERO = WORK_PLACES + LAGS_MAX - 1;

/** What lies before the window, up to here; then zeros. */
export const BEFORE_END = LAG_ZERO + 1 + LAGS_MAX;
const BEFORE_ZEROS = 16;
/** Prediction error power at which the recursion ends. */
export const STOP_AT = BEFORE_END + BEFORE_ZEROS;
/** From here on what depends on the models: see wasm-kernel.ts. */
export const MODELS_AT = STOP_AT + PAD;

/** Longest signal that the plain kernel of a repair holds. */
export const SAMPLES_FRAMES = 2 * CONTEXT_FRAMES_MAX + 16 * PACKET_FRAMES_MAX;
