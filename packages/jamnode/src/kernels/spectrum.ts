/**
 * Magnitude-squared spectra with the same bits on every machine that keeps IEEE 754: only additions, multiplications
 * and square roots are used, never the platform's sine (whose last bits differ between engines).
 */
export class Spectrum {
  readonly size: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #window: Float64Array;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  /** `size`: a power of two, at least 8. */
  constructor(size: number) {
    this.size = size;
    const circle = unitCircle(size);
    this.#cosine = circle.cosine;
    this.#sine = circle.sine;
    this.#window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * (circle.cosine[n] ?? 0));
    this.#real = new Float64Array(size);
    this.#imaginary = new Float64Array(size);
  }

  /** Power in bins 0 … size⁄2 − 1 of a Hann-windowed frame that starts at `from`; `into` has size⁄2 places. */
  power(samples: Int16Array, from: number, into: Float64Array): void {
    const { size } = this;
    const bits = Math.round(Math.log2(size));
    for (let n = 0; n < size; n++) {
      const at = reverseBits(n, bits);
      this.#real[at] = (samples[from + n] ?? 0) * (this.#window[n] ?? 0);
      this.#imaginary[at] = 0;
    }
    for (let half = 1; half < size; half *= 2) this.#butterflies(half);
    for (let bin = 0; bin < size / 2; bin++) {
      const [re, im] = [this.#real[bin] ?? 0, this.#imaginary[bin] ?? 0];
      into[bin] = re * re + im * im;
    }
  }

  /** One stage of the radix-2 transform (Cooley, Tukey 1965), decimation in time. */
  #butterflies(half: number): void {
    const stride = this.size / (2 * half);
    const [re, im] = [this.#real, this.#imaginary];
    for (let start = 0; start < this.size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [c, s] = [this.#cosine[k * stride] ?? 0, this.#sine[k * stride] ?? 0];
        const [a, b] = [start + k, start + k + half];
        const [br, bi] = [re[b] ?? 0, im[b] ?? 0];
        const [tr, ti] = [br * c + bi * s, bi * c - br * s];
        re[b] = (re[a] ?? 0) - tr;
        im[b] = (im[a] ?? 0) - ti;
        re[a] = (re[a] ?? 0) + tr;
        im[a] = (im[a] ?? 0) + ti;
      }
    }
  }
}

function reverseBits(value: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed |= ((value >> bit) & 1) << (bits - 1 - bit);
  return reversed;
}

/** cos and sin of 2πn⁄size by halving angles: cos(θ⁄2) = √((1 + cos θ)⁄2), then the addition theorem. */
function unitCircle(size: number): { cosine: Float64Array; sine: Float64Array } {
  const cosine = new Float64Array(size);
  const sine = new Float64Array(size);
  cosine[0] = 1;
  let [c, s] = [-1, 0];
  const angles: { step: number; c: number; s: number }[] = [];
  for (let step = size / 2; step >= 1; step /= 2) {
    angles.push({ step, c, s });
    // Half of an angle in [0, π] lies in [0, π/2]: both roots are positive.
    [c, s] = [Math.sqrt((1 + c) / 2), Math.sqrt((1 - c) / 2)];
  }
  for (const angle of angles) {
    for (let n = 0; n < size; n += 2 * angle.step) {
      const [a, b] = [cosine[n] ?? 0, sine[n] ?? 0];
      cosine[n + angle.step] = a * angle.c - b * angle.s;
      sine[n + angle.step] = b * angle.c + a * angle.s;
    }
  }
  return { cosine, sine };
}
