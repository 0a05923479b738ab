import { FEATURES } from './features.ts';

/** Two hidden layers of rectified units; sizes of all layers. */
export const LAYERS = [FEATURES, 128, 64, 18] as const;
/** Weights and biases of one network, layer by layer: weights row by row of inputs, then biases. */
export const PARAMETERS = LAYERS.slice(1).reduce((sum, size, k) => sum + ((LAYERS[k] ?? 0) + 1) * size, 0);

/** Where layer k (0..2) begins in the parameters. */
export function layerAt(k: number): number {
  let at = 0;
  for (let i = 0; i < k; i++) at += ((LAYERS[i] ?? 0) + 1) * (LAYERS[i + 1] ?? 0);
  return at;
}

/** Values of all layers but the input, kept so that nothing is allocated per stroke. */
export interface Activations {
  readonly hidden1: Float32Array;
  readonly hidden2: Float32Array;
  readonly output: Float32Array;
}

export function newActivations(): Activations {
  return {
    hidden1: new Float32Array(LAYERS[1]),
    hidden2: new Float32Array(LAYERS[2]),
    output: new Float32Array(LAYERS[3]),
  };
}

/** Runs the network on one stroke's features. Only sums, products and comparisons: the same bits on every machine. */
export function run(parameters: Float32Array, features: Float32Array, into: Activations): void {
  layer(parameters, layerAt(0), features, into.hidden1, true);
  layer(parameters, layerAt(1), into.hidden1, into.hidden2, true);
  layer(parameters, layerAt(2), into.hidden2, into.output, false);
}

function layer(
  parameters: Float32Array,
  at: number,
  input: Float32Array,
  output: Float32Array,
  rectify: boolean,
): void {
  const [inputs, outputs] = [input.length, output.length];
  const biases = at + inputs * outputs;
  for (let j = 0; j < outputs; j++) output[j] = parameters[biases + j] as number;
  for (let i = 0; i < inputs; i++) {
    const x = input[i] as number;
    // Most features are flags that are off.
    if (x === 0) continue;
    const row = at + i * outputs;
    for (let j = 0; j < outputs; j++) output[j] = (output[j] as number) + x * (parameters[row + j] as number);
  }
  if (rectify) for (let j = 0; j < outputs; j++) if ((output[j] as number) < 0) output[j] = 0;
}
