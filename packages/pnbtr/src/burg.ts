// realtime
import { assert } from '@jamnet/base';

/**
 * Burg's lattice (J. P. Burg 1975) in float64: the autoregressive model of a signal, the plain TypeScript reference.
 * All memory is taken in the constructor.
 */
export class BurgLattice {
  readonly orderMax: number;
  /** Prediction: x̂[n] = −Σ coefficients[k]·x[n−1−k], k in [0, order). Valid after {@link fit}. */
  readonly coefficients: Float64Array;
  readonly #previous: Float64Array;
  readonly #forward: Float64Array;
  readonly #backward: Float64Array;

  constructor(orderMax: number, framesMax: number) {
    assert(
      orderMax >= 1 && framesMax > orderMax,
      `Burg order ${orderMax} needs more than ${framesMax} samples`,
    );
    this.orderMax = orderMax;
    this.coefficients = new Float64Array(orderMax);
    this.#previous = new Float64Array(orderMax);
    this.#forward = new Float64Array(framesMax);
    this.#backward = new Float64Array(framesMax);
  }

  /**
   * Fits `order` coefficients to `signal[start, start + frames)`. Returns the order reached: less than asked
   * when the signal is predicted fully before (silence gives 0); the rest of `coefficients` is then zero.
   */
  fit(signal: Float64Array, start: number, frames: number, order: number): number {
    const f = this.#forward;
    const b = this.#backward;
    const a = this.coefficients;
    a.fill(0);
    let energy = 0;
    for (let n = 0; n < frames; n++) {
      const sample = signal[start + n] ?? 0;
      f[n] = sample;
      b[n] = sample;
      energy += sample * sample;
    }
    const silence = frames * SILENT_POWER + energy * 2 * FULLY_PREDICTED;
    for (let m = 0; m < order; m++) {
      let cross = 0;
      let power = 0;
      for (let n = m + 1; n < frames; n++) {
        const fn = f[n] ?? 0;
        const bn = b[n - 1] ?? 0;
        cross += fn * bn;
        power += fn * fn + bn * bn;
      }
      if (!(power > silence)) return m;
      this.#step(m, frames, (-2 * cross) / (power * (1 + DAMPING)));
    }
    return order;
  }

  /** One order more by reflection coefficient `k`: coefficients, then both prediction errors. */
  #step(m: number, frames: number, k: number): void {
    const f = this.#forward;
    const b = this.#backward;
    const a = this.coefficients;
    const previous = this.#previous;
    for (let i = 0; i < m; i++) previous[i] = a[i] ?? 0;
    for (let i = 0; i < m; i++) a[i] = (previous[i] ?? 0) + k * (previous[m - 1 - i] ?? 0);
    a[m] = k;
    let before = b[m] ?? 0;
    for (let n = m + 1; n < frames; n++) {
      const fn = f[n] ?? 0;
      const bn = before;
      before = b[n] ?? 0;
      f[n] = fn + k * bn;
      b[n] = bn + k * fn;
    }
  }
}

/** Damping of the reflection coefficients: up to 1e-5 costs nothing on music, but steady tones keep 20 dB more at 1e-7. */
const DAMPING = 1e-7;
/** Mean power below which a context counts as silent: −200 dB of full scale. */
const SILENT_POWER = 1e-20;
/** Residual power over signal power at which nothing is left to predict in float64. */
const FULLY_PREDICTED = 1e-14;
