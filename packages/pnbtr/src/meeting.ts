// realtime
import { substitute } from './cholesky.ts';

/** Samples of the packet behind that are made use of: half of them cost 0.1 dB pooled and 0.2 of mean-file, more change nothing. */
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
  readonly #factor: Float64Array;
  /** The matrix is the sum of what these make on their way down the diagonal: column·columnᵀ + added·addedᵀ − taken·takenᵀ. */
  readonly #column: Float64Array;
  readonly #added: Float64Array;
  readonly #taken: Float64Array;
  readonly #weights: Float64Array;
  readonly #noise: Float64Array;
  #isSolvable = false;

  constructor(packetFrames: number) {
    this.#packetFrames = packetFrames;
    this.frames = Math.min(packetFrames, FRAMES_MAX);
    this.response = new Float64Array(packetFrames + this.frames);
    this.errors = new Float64Array(this.frames);
    this.correction = new Float64Array(packetFrames);
    this.#factor = new Float64Array(this.frames * this.frames);
    this.#column = new Float64Array(this.frames);
    this.#added = new Float64Array(this.frames);
    this.#taken = new Float64Array(this.frames);
    this.#weights = new Float64Array(this.frames);
    this.#noise = new Float64Array(packetFrames);
  }

  /** Makes the equations of the {@link response}: once for all channels. */
  prepare(): void {
    this.#fillColumn();
    this.#isSolvable = this.#factorise();
  }

  /** Finds the {@link correction}. */
  solve(): void {
    const { response, correction, frames } = this;
    const packet = this.#packetFrames;
    if (!this.#isSolvable) {
      correction.fill(0);
      return;
    }
    substitute(this.#factor, this.errors, this.#weights);
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

  /** First column of HHᵀ + λ, over the root of its first element: element i is Σ h[m]·h[m + i] over the noises that reach both. */
  #fillColumn(): void {
    const { response, frames } = this;
    const column = this.#column;
    for (let shift = 0; shift < frames; shift++) {
      let sum = 0;
      for (let m = 0; m <= this.#packetFrames; m++) sum += (response[m] ?? 0) * (response[m + shift] ?? 0);
      column[shift] = sum;
    }
    column[0] = (column[0] ?? 0) * (1 + RIDGE);
    const root = Math.sqrt(column[0] ?? 0);
    for (let i = 0; i < frames; i++) column[i] = root > 0 ? (column[i] ?? 0) / root : 0;
  }

  /**
   * Cholesky factor of HHᵀ + λ by the generalised Schur algorithm (Kailath, Kung, Morf 1979), in n² operations instead of
   * n³: a step down the diagonal adds h[P + i]·h[P + j] to an element, so that three columns make up the whole matrix.
   */
  #factorise(): boolean {
    const { response, frames } = this;
    const column = this.#column;
    const added = this.#added;
    const taken = this.#taken;
    for (let i = 0; i < frames; i++) {
      added[i] = i === 0 ? 0 : (response[this.#packetFrames + i] ?? 0);
      taken[i] = i === 0 ? 0 : (column[i] ?? 0);
    }
    for (let k = 0; k < frames; k++) {
      const length = Math.sqrt((column[k] ?? 0) ** 2 + (added[k] ?? 0) ** 2);
      const ratio = (taken[k] ?? 0) / length;
      if (!(ratio * ratio < 1)) return false;
      const cosine = (column[k] ?? 0) / length;
      const sine = (added[k] ?? 0) / length;
      const shrink = Math.sqrt(1 - ratio * ratio);
      for (let i = k; i < frames; i++) {
        const turned = cosine * (column[i] ?? 0) + sine * (added[i] ?? 0);
        added[i] = cosine * (added[i] ?? 0) - sine * (column[i] ?? 0);
        const factor = (turned - ratio * (taken[i] ?? 0)) / shrink;
        taken[i] = shrink * (taken[i] ?? 0) - ratio * factor;
        this.#factor[i * frames + k] = factor;
      }
      // The column moves down the diagonal by one.
      for (let i = k + 1; i < frames; i++) column[i] = this.#factor[(i - 1) * frames + k] ?? 0;
    }
    return true;
  }
}
