// realtime
import { DAMPING, FULLY_PREDICTED, lagsFor, SILENT_POWER, WHITENING } from './kernel.ts';
import { SAMPLES_FRAMES } from './layout.ts';

/** Places in the step. */
const CROSS = 0;
const POWER = 1;
const REFLECTION = 2;

/**
 * One model in plain TypeScript: the fallback where WebAssembly is not to be had, and what its twin must agree with.
 * Its correlations cover a window that slides along `samples`. The fit is Koen Vos, "A Fast Implementation of Burg's Method" (2013): Burg's coefficients exactly, from the
 * correlations and the window's edges.
 */
export class PlainKernel {
  readonly samples: Float64Array;
  readonly #correlation: Float64Array;
  #a: Float64Array;
  #aNext: Float64Array;
  #gain: Float64Array;
  #gainNext: Float64Array;
  /** Row of the covariance matrix, newest element first: element l of order i at `#rowStart − i + l`. */
  readonly #row: Float64Array;
  /**
   * Numerator and denominator of the next reflection coefficient, and the present one: in a typed array, because a
   * number that passes between functions is boxed on the heap where the compiler does not inline.
   */
  readonly #step = new Float64Array(3);
  #order = 0;

  constructor(orderMax: number, samples: Float64Array = new Float64Array(SAMPLES_FRAMES)) {
    this.samples = samples;
    this.#correlation = new Float64Array(lagsFor(orderMax));
    this.#a = new Float64Array(orderMax + 2);
    this.#aNext = new Float64Array(orderMax + 2);
    this.#gain = new Float64Array(orderMax + 2);
    this.#gainNext = new Float64Array(orderMax + 2);
    this.#row = new Float64Array(orderMax + 1);
  }

  /**
   * Moves the window of the correlations by `frames`: the block at `newest` (just behind the window) comes in, the
   * one at `oldest` (the window's first) goes out. The window must be at least lags + frames long.
   */
  slide(newest: number, oldest: number, frames: number): void {
    const x = this.samples;
    const c = this.#correlation;
    for (let lag = 0; lag < c.length; lag++) {
      let sum = 0;
      for (let n = oldest; n < oldest + frames; n++) sum -= (x[n] ?? 0) * (x[n + lag] ?? 0);
      for (let n = newest; n < newest + frames; n++) sum += (x[n] ?? 0) * (x[n - lag] ?? 0);
      c[lag] = (c[lag] ?? 0) + sum;
    }
  }

  /** Sets the correlations to those of the window `[start, start + frames)`, from scratch. */
  correlate(start: number, frames: number): void {
    const x = this.samples;
    const c = this.#correlation;
    for (let lag = 0; lag < c.length; lag++) {
      let sum = 0;
      for (let n = start + lag; n < start + frames; n++) sum += (x[n] ?? 0) * (x[n - lag] ?? 0);
      c[lag] = sum;
    }
  }

  /** The coefficients of the last fit: 1, a₁ … up to the order asked for, zeros past the one reached. */
  coefficients(order: number): Float64Array {
    return this.#a.slice(0, order + 1);
  }

  /** Fits to the window `[start, start + frames)`, which the correlations must describe; answers the order reached. */
  fit(start: number, frames: number, order: number): number {
    const c = this.#correlation;
    const last = start + frames - 1;
    const energy = c[0] ?? 0;
    const stop = Math.max(2 * energy * FULLY_PREDICTED, frames * SILENT_POWER);
    const edges = (this.samples[start] ?? 0) ** 2 + (this.samples[last] ?? 0) ** 2;
    this.#a.fill(0);
    this.#aNext.fill(0);
    this.#a[0] = 1;
    this.#gain[0] = 2 * energy * (1 + WHITENING) - edges;
    this.#gain[1] = 2 * (c[1] ?? 0);
    this.#row[order] = 2 * (c[1] ?? 0);
    let reached = 0;
    const step = this.#step;
    step[CROSS] = this.#gain[1] ?? 0;
    step[POWER] = this.#gain[0] ?? 0;
    while (reached < order && (step[POWER] ?? 0) > stop) {
      const k = -(step[CROSS] ?? 0) / ((step[POWER] ?? 0) * (1 + DAMPING));
      if (!(Math.abs(k) < 1)) break;
      reached++;
      step[REFLECTION] = k;
      this.#raiseOrder(reached);
      if (reached < order) this.#raiseGain(start, last, order, reached);
    }
    this.#order = reached;
    return reached;
  }

  /** Coefficients of order i from those of order i − 1 by the reflection coefficient. */
  #raiseOrder(i: number): void {
    const k = this.#step[REFLECTION] ?? 0;
    const a = this.#a;
    const next = this.#aNext;
    for (let j = 0; j <= i; j++) next[j] = (a[j] ?? 0) + k * (a[i - j] ?? 0);
    this.#a = next;
    this.#aNext = a;
  }

  /** Vos's vectors r and g for order i, and with them numerator and denominator of the next reflection coefficient. */
  #raiseGain(start: number, last: number, order: number, i: number): void {
    const k = this.#step[REFLECTION] ?? 0;
    const x = this.samples;
    const a = this.#a;
    const row = this.#row;
    const rowStart = order - i;
    const xi = x[start + i] ?? 0;
    const xMirror = x[last - i] ?? 0;
    row[rowStart] = 2 * (this.#correlation[i + 1] ?? 0);
    let dot = (row[rowStart] ?? 0) * (a[0] ?? 0);
    let forward = xi * (a[0] ?? 0);
    let backward = xMirror * (a[0] ?? 0);
    for (let j = 1; j <= i; j++) {
      const aj = a[j] ?? 0;
      const value =
        (row[rowStart + j] ?? 0) - (x[start + j - 1] ?? 0) * xi - (x[last - j + 1] ?? 0) * xMirror;
      row[rowStart + j] = value;
      dot += value * aj;
      forward += (x[start + i - j] ?? 0) * aj;
      backward += (x[last - i + j] ?? 0) * aj;
    }
    const gain = this.#gain;
    const next = this.#gainNext;
    let cross = dot * (a[0] ?? 0);
    let power = 0;
    for (let j = 0; j <= i; j++) {
      const edges = (x[start + i - j] ?? 0) * forward + (x[last - i + j] ?? 0) * backward;
      const value = (gain[j] ?? 0) + k * (gain[i - j] ?? 0) - edges;
      next[j] = value;
      power += value * (a[j] ?? 0);
      if (j > 0) cross += value * (a[i + 1 - j] ?? 0);
    }
    next[i + 1] = dot;
    this.#gain = next;
    this.#gainNext = gain;
    this.#step[CROSS] = cross;
    this.#step[POWER] = power;
  }

  /** Writes the continuation of what lies before `at` to `[at, at + frames)`. */
  forecast(at: number, frames: number): void {
    const x = this.samples;
    const a = this.#a;
    const order = this.#order;
    for (let n = at; n < at + frames; n++) {
      let sum = 0;
      for (let k = 1; k <= order; k++) sum -= (a[k] ?? 0) * (x[n - k] ?? 0);
      x[n] = sum;
    }
  }

  clear(): void {
    this.samples.fill(0);
    this.#correlation.fill(0);
    this.#order = 0;
  }
}
