import type { Chance } from '@jamnet/base';
import { LAYERS, layerAt, PARAMETERS } from '../model/network.ts';
import { Adam } from './adam.ts';
import type { Examples } from './examples.ts';
import { Pass } from './pass.ts';

/** How a network is trained; the defaults were chosen on the split `validation` of the Groove MIDI Dataset. */
export interface TrainingPlan {
  /** Passes over all examples. */
  readonly epochs: number;
  /** Examples per step. */
  readonly batch: number;
  readonly learningRate: number;
}

export const TRAINING_PLAN: TrainingPlan = { epochs: 5, batch: 256, learningRate: 2e-3 };

const WARM_UP_STEPS = 200;

/** Trains one network on pinball loss by Adam with a cosine schedule. The same examples and chance give the same network. */
export function train(
  examples: Examples,
  plan: TrainingPlan,
  chance: Chance,
  onEpoch: (epoch: number, loss: number) => void,
): Float32Array {
  const parameters = startingParameters(chance);
  const gradient = new Float32Array(PARAMETERS);
  const adam = new Adam(PARAMETERS);
  const order = Uint32Array.from({ length: examples.count }, (_, i) => i);
  const pass = new Pass(parameters, gradient, examples);
  const steps = plan.epochs * Math.ceil(examples.count / plan.batch);
  let step = 0;
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    shuffle(order, chance);
    let loss = 0;
    for (let from = 0; from < order.length; from += plan.batch) {
      const to = Math.min(order.length, from + plan.batch);
      gradient.fill(0);
      for (let i = from; i < to; i++) loss += pass.learn(order[i] as number);
      step++;
      const rate =
        plan.learningRate *
        Math.min(1, step / WARM_UP_STEPS) *
        (0.5 + 0.5 * Math.cos((Math.PI * step) / steps));
      adam.step(parameters, gradient, rate, 1 / (to - from));
    }
    onEpoch(epoch, loss / order.length);
  }
  return parameters;
}

function startingParameters(chance: Chance): Float32Array {
  const parameters = new Float32Array(PARAMETERS);
  for (let k = 0; k < 3; k++) {
    const [inputs, outputs] = [LAYERS[k] as number, LAYERS[k + 1] as number];
    // He's uniform start for rectified units (arXiv 1502.01852); the last layer starts at the house.
    const bound = k === 2 ? 0.01 : Math.sqrt(6 / inputs);
    const at = layerAt(k);
    for (let i = 0; i < inputs * outputs; i++) parameters[at + i] = (2 * chance.unit() - 1) * bound;
  }
  return parameters;
}

function shuffle(order: Uint32Array, chance: Chance): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = chance.below(i + 1);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
}
