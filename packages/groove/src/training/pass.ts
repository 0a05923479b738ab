import { DECILES } from '../forecast.ts';
import { decileSlopes, decilesOf, OUTPUTS_PER_QUANTITY } from '../model/deciles.ts';
import { FEATURES } from '../model/features.ts';
import { type Activations, LAYERS, layerAt, newActivations, run } from '../model/network.ts';
import type { Examples } from './examples.ts';

/** What one stroke's pinball loss is divided by, near the house's mean loss: brings µs and 1/1000 velocity to one scale. */
const UNITS = [13_000, 11_000] as const;
/** Deciles of pinball losses, doubled, are about the CRPS. */
const LOSS_DIVISOR = DECILES / 2;

/** One stroke forwards and backwards. */
export class Pass {
  readonly #parameters: Float32Array;
  readonly #gradient: Float32Array;
  readonly #examples: Examples;
  readonly #values: Activations = newActivations();
  readonly #slopes = {
    hidden1: new Float32Array(LAYERS[1]),
    hidden2: new Float32Array(LAYERS[2]),
    output: new Float32Array(LAYERS[3]),
  };
  readonly #deciles = new Float64Array(DECILES);
  readonly #decileSlopes = new Float64Array(DECILES);

  constructor(parameters: Float32Array, gradient: Float32Array, examples: Examples) {
    this.#parameters = parameters;
    this.#gradient = gradient;
    this.#examples = examples;
  }

  /** Adds the gradient of one example; answers its loss. */
  learn(index: number): number {
    const { features } = this.#examples;
    const input = features.subarray(index * FEATURES, (index + 1) * FEATURES);
    run(this.#parameters, input, this.#values);
    const loss = this.#lossSlopes(index);
    const { hidden1, hidden2 } = this.#values;
    const slopes = this.#slopes;
    back(this.#parameters, this.#gradient, layerAt(2), hidden2, slopes.output, slopes.hidden2);
    back(this.#parameters, this.#gradient, layerAt(1), hidden1, slopes.hidden2, slopes.hidden1);
    back(this.#parameters, this.#gradient, layerAt(0), input, slopes.hidden1, null);
    return loss;
  }

  /** Loss of one stroke; leaves the slopes of the raw outputs. */
  #lossSlopes(index: number): number {
    const { anchors, played } = this.#examples;
    const [offsetUs, velocity] = [played[2 * index] as number, played[2 * index + 1] as number];
    let loss = 0;
    for (const quantity of [0, 1] as const) {
      const centre = anchors[4 * index + 2 * quantity] as number;
      const scale = anchors[4 * index + 2 * quantity + 1] as number;
      const at = quantity * OUTPUTS_PER_QUANTITY;
      decilesOf(this.#values.output, at, this.#deciles);
      for (let k = 0; k < DECILES; k++) {
        const decile = centre + scale * (this.#deciles[k] as number);
        const [value, slope] =
          quantity === 0 ? pinballSlope(offsetUs, decile, k) : velocitySlope(velocity, decile, k);
        const weight = 1 / (UNITS[quantity] * LOSS_DIVISOR);
        loss += weight * value;
        this.#decileSlopes[k] = weight * scale * slope;
      }
      decileSlopes(this.#values.output, at, this.#decileSlopes, this.#slopes.output);
    }
    return loss;
  }
}

/** Pinball loss of decile k (0..8) and its slope. */
function pinballSlope(played: number, decile: number, k: number): readonly [number, number] {
  const level = (k + 1) / 10;
  const d = played - decile;
  return d >= 0 ? [level * d, d === 0 ? 0 : -level] : [(level - 1) * d, 1 - level];
}

/** Velocity pads saturate at 127 and no stroke is below 1: a decile beyond the range counts, and is judged, as its end. */
function velocitySlope(velocity: number, decileMilli: number, k: number): readonly [number, number] {
  const clipped = Math.max(1_000, Math.min(127_000, decileMilli));
  const [loss, slope] = pinballSlope(1_000 * velocity, clipped, k);
  return [loss, slope];
}

/** Adds a layer's gradient and carries the slopes to its input, whose zeros are rectified units that were off. */
function back(
  parameters: Float32Array,
  gradient: Float32Array,
  at: number,
  input: Float32Array,
  slopes: Float32Array,
  into: Float32Array | null,
): void {
  const [inputs, outputs] = [input.length, slopes.length];
  const biases = at + inputs * outputs;
  for (let j = 0; j < outputs; j++)
    gradient[biases + j] = (gradient[biases + j] as number) + (slopes[j] as number);
  for (let i = 0; i < inputs; i++) {
    const x = input[i] as number;
    if (x === 0) {
      if (into) into[i] = 0;
      continue;
    }
    const row = at + i * outputs;
    let sum = 0;
    for (let j = 0; j < outputs; j++) {
      const s = slopes[j] as number;
      gradient[row + j] = (gradient[row + j] as number) + x * s;
      sum += s * (parameters[row + j] as number);
    }
    if (into) into[i] = sum;
  }
}
