/** Constants of the paper: Kingma, Ba, arXiv 1412.6980. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** A network under training: parameters and Adam's running means of their gradient and of its square, all of one length. */
export interface Checkpoint {
  readonly parameters: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/** What one update needs beside the gradient. */
export interface Rates {
  readonly learningRate: number;
  /** 1 ⁄ (1 − βⁿ) of the n-th update, for both means: the paper's correction of their start at 0. */
  readonly meanBias: number;
  readonly squareBias: number;
}

export function newCheckpoint(parameters: Float32Array): Checkpoint {
  const { length } = parameters;
  return { parameters, mean: new Float32Array(length), square: new Float32Array(length) };
}

/**
 * Corrections of the n-th update, n ≥ 1. Computed once, by whoever plans the training: powers differ in their last bits from
 * engine to engine, and everything after them is sums, products and roots, which do not.
 */
export function biasesOf(update: number): Pick<Rates, 'meanBias' | 'squareBias'> {
  return { meanBias: 1 / (1 - BETA1 ** update), squareBias: 1 / (1 - BETA2 ** update) };
}

/** Adam: each parameter moves by its gradient's running mean over the root of its running square. In place; the gradient is multiplied by `scale` first. */
export function update(checkpoint: Checkpoint, gradient: Float32Array, rates: Rates, scale: number): void {
  const { parameters, mean, square } = checkpoint;
  const { learningRate, meanBias, squareBias } = rates;
  for (let i = 0; i < parameters.length; i++) {
    // `as`: all four arrays have this length; a check per element would double the time.
    const g = (gradient[i] as number) * scale;
    const m = BETA1 * (mean[i] as number) + (1 - BETA1) * g;
    const v = BETA2 * (square[i] as number) + (1 - BETA2) * g * g;
    mean[i] = m;
    square[i] = v;
    parameters[i] =
      (parameters[i] as number) - (learningRate * m * meanBias) / (Math.sqrt(v * squareBias) + EPSILON);
  }
}
