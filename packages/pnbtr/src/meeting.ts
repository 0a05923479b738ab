// realtime
import { convolveBackwards, correlate } from './correlate.ts';

/** Samples of the packet behind that are made use of: half of them cost 0.1 dB pooled and 0.2 of mean-file, more change nothing. */
export const MEETING_FRAMES_MAX = 128;
/** Ridge of the equations, of their first diagonal element: neither model nor level are exact. */
const RIDGE = 0.1;
/** Places behind an array that sums made four at a time may write. */
const SPARE = 3;

/**
 * Bends a forecast so that it meets what is known to follow it. The forecast's error is white noise through the
 * model's impulse response h; of all noises that explain the error seen behind the hole the one of least energy is
 * taken (the conditional mean of Gaussian noise): u = Hᵀ(HHᵀ + λ)⁻¹e, correction = h * u.
 */
export class Meeting {
  /** How many samples behind the hole are looked at. */
  readonly frames: number;
  /** The model's impulse response, written by the owner: h[0] = 1, then packet + frames − 1 more, and {@link SPARE} that nothing reads. */
  readonly response: Float64Array;
  /** Error of the forecast's continuation behind the hole, written by the owner. */
  readonly errors: Float64Array;
  /** What is to be added in the hole. */
  readonly correction: Float64Array;
  readonly #packetFrames: number;
  /** Column k of the factor at k · frames. */
  readonly #factor: Float64Array;
  /** The matrix is the sum of what these make on their way down the diagonal: column·columnᵀ + added·addedᵀ − taken·takenᵀ. */
  readonly #column: Float64Array;
  readonly #added: Float64Array;
  readonly #taken: Float64Array;
  readonly #weights: Float64Array;
  /** The noise and what is to be added, last sample first. */
  readonly #noise: Float64Array;
  readonly #backwards: Float64Array;
  #isSolvable = false;

  constructor(packetFrames: number) {
    this.#packetFrames = packetFrames;
    this.frames = Math.min(packetFrames, MEETING_FRAMES_MAX);
    this.response = new Float64Array(packetFrames + this.frames + SPARE);
    this.errors = new Float64Array(this.frames);
    this.correction = new Float64Array(packetFrames);
    this.#factor = new Float64Array(this.frames * this.frames);
    this.#column = new Float64Array(this.frames + SPARE);
    this.#added = new Float64Array(this.frames);
    this.#taken = new Float64Array(this.frames);
    this.#weights = new Float64Array(this.frames);
    this.#noise = new Float64Array(packetFrames + SPARE);
    this.#backwards = new Float64Array(packetFrames + SPARE);
  }

  /** Makes the equations of the {@link response}: once for all channels. */
  prepare(): void {
    this.#fillColumn();
    this.#isSolvable = this.#factorise();
  }

  /** Finds the {@link correction}. */
  solve(): void {
    const { response, correction } = this;
    const packet = this.#packetFrames;
    const noise = this.#noise;
    const backwards = this.#backwards;
    if (!this.#isSolvable) {
      correction.fill(0);
      return;
    }
    this.#substitute();
    correlate(noise, packet, response, 1, this.#weights, this.frames);
    noise.fill(0, packet);
    convolveBackwards(backwards, packet, noise, response);
    for (let n = 0; n < packet; n++) correction[n] = backwards[packet - 1 - n] ?? 0;
  }

  /** Weights of the errors, by the factor: L·Lᵀ·w = e. */
  #substitute(): void {
    const { errors, frames } = this;
    const factor = this.#factor;
    const x = this.#weights;
    for (let i = 0; i < frames; i++) x[i] = errors[i] ?? 0;
    for (let k = 0; k < frames; k++) {
      const row = k * frames;
      const solved = (x[k] ?? 0) / (factor[row + k] ?? 1);
      x[k] = solved;
      for (let i = k + 1; i < frames; i++) x[i] = (x[i] ?? 0) - (factor[row + i] ?? 0) * solved;
    }
    for (let i = frames - 1; i >= 0; i--) {
      const row = i * frames;
      let sum = x[i] ?? 0;
      for (let k = i + 1; k < frames; k++) sum -= (factor[row + k] ?? 0) * (x[k] ?? 0);
      x[i] = sum / (factor[row + i] ?? 1);
    }
  }

  /** First column of HHᵀ + λ, over the root of its first element: element i is Σ h[m]·h[m + i] over the noises that reach both. */
  #fillColumn(): void {
    const { response, frames } = this;
    const column = this.#column;
    correlate(column, frames, response, 0, response, this.#packetFrames + 1);
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
      const grow = 1 / shrink;
      for (let i = k; i < frames; i++) {
        const turned = cosine * (column[i] ?? 0) + sine * (added[i] ?? 0);
        added[i] = cosine * (added[i] ?? 0) - sine * (column[i] ?? 0);
        const factor = (turned - ratio * (taken[i] ?? 0)) * grow;
        taken[i] = shrink * (taken[i] ?? 0) - ratio * factor;
        this.#factor[k * frames + i] = factor;
      }
      // The column moves down the diagonal by one.
      for (let i = k + 1; i < frames; i++) column[i] = this.#factor[k * frames + i - 1] ?? 0;
    }
    return true;
  }
}
