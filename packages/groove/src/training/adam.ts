/** Constants of the paper: Kingma, Ba, arXiv 1412.6980. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Adam: each parameter moves by its gradient's running mean over the root of its running square. */
export class Adam {
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #steps = 0;

  constructor(parameters: number) {
    this.#mean = new Float32Array(parameters);
    this.#square = new Float32Array(parameters);
  }

  /** One step in place; the gradient is multiplied by `scale` first. */
  step(parameters: Float32Array, gradient: Float32Array, rate: number, scale: number): void {
    this.#steps++;
    const meanBias = 1 / (1 - BETA1 ** this.#steps);
    const squareBias = 1 / (1 - BETA2 ** this.#steps);
    for (let i = 0; i < parameters.length; i++) {
      // `as`: all four arrays have this length; a check per element would double the time.
      const g = (gradient[i] as number) * scale;
      const m = BETA1 * (this.#mean[i] as number) + (1 - BETA1) * g;
      const v = BETA2 * (this.#square[i] as number) + (1 - BETA2) * g * g;
      this.#mean[i] = m;
      this.#square[i] = v;
      parameters[i] =
        (parameters[i] as number) - (rate * m * meanBias) / (Math.sqrt(v * squareBias) + EPSILON);
    }
  }
}
