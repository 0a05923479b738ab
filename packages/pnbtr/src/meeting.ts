// realtime
import { factorise, substitute } from './cholesky.ts';

/** Samples of the packet behind that are made use of: more of them change nothing, and the equations grow with the cube. */
const FRAMES_MAX = 128;
/** Ridge of the equations, of their first diagonal element: neither model nor level are exact. */
const RIDGE = 0.1;

/**
 * Bends a forecast so that it meets what is known to follow it. The forecast's error is white noise through the
 * model's impulse response h; of all noises that explain the error seen behind the hole the one of least energy is
 * taken (the conditional mean of Gaussian noise): u = Hᵀ(HHᵀ + λ)⁻¹e, correction = h * u.
 */
export class Meeting {
  /** How many samples behind the hole are looked at. */
  readonly frames: number;
  /** The model's impulse response, written by the owner: h[0] = 1, then packet + frames − 1 more. */
  readonly response: Float64Array;
  /** Error of the forecast's continuation behind the hole, written by the owner. */
  readonly errors: Float64Array;
  /** What is to be added in the hole. */
  readonly correction: Float64Array;
  readonly #packetFrames: number;
  readonly #matrix: Float64Array;
  readonly #weights: Float64Array;
  readonly #noise: Float64Array;
  #isSolvable = false;

  constructor(packetFrames: number) {
    this.#packetFrames = packetFrames;
    this.frames = Math.min(packetFrames, FRAMES_MAX);
    this.response = new Float64Array(packetFrames + this.frames);
    this.errors = new Float64Array(this.frames);
    this.correction = new Float64Array(packetFrames);
    this.#matrix = new Float64Array(this.frames * this.frames);
    this.#weights = new Float64Array(this.frames);
    this.#noise = new Float64Array(packetFrames);
  }

  /** Makes the equations of the {@link response}: once for all channels. */
  prepare(): void {
    this.#fillMatrix();
    this.#isSolvable = factorise(this.#matrix, this.frames);
  }

  /** Finds the {@link correction}. */
  solve(): void {
    const { response, correction, frames } = this;
    const packet = this.#packetFrames;
    if (!this.#isSolvable) {
      correction.fill(0);
      return;
    }
    substitute(this.#matrix, this.errors, this.#weights);
    for (let k = 0; k < packet; k++) {
      let sum = 0;
      for (let i = 0; i < frames; i++) sum += (response[packet + i - k] ?? 0) * (this.#weights[i] ?? 0);
      this.#noise[k] = sum;
    }
    for (let n = 0; n < packet; n++) {
      let sum = 0;
      for (let k = 0; k <= n; k++) sum += (response[n - k] ?? 0) * (this.#noise[k] ?? 0);
      correction[n] = sum;
    }
  }

  /** HHᵀ: element (i, j) is Σ h[m]·h[m + i − j] over the noises that reach both samples. */
  #fillMatrix(): void {
    const { response, frames } = this;
    const matrix = this.#matrix;
    for (let shift = 0; shift < frames; shift++) {
      let sum = 0;
      for (let m = 0; m <= this.#packetFrames; m++) sum += (response[m] ?? 0) * (response[m + shift] ?? 0);
      for (let j = 0; j + shift < frames; j++) {
        if (j > 0) {
          const m = this.#packetFrames + j;
          sum += (response[m] ?? 0) * (response[m + shift] ?? 0);
        }
        matrix[(j + shift) * frames + j] = sum;
      }
    }
    const ridge = RIDGE * (matrix[0] ?? 0);
    for (let i = 0; i < frames; i++) matrix[i * (frames + 1)] = (matrix[i * (frames + 1)] ?? 0) + ridge;
  }
}
