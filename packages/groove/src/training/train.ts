import type { Chance } from '@jamnet/base';
import { LAYERS, layerAt, PARAMETERS } from '../model/network.ts';
import { newCheckpoint, update } from './adam.ts';
import { batchesOf, type TrainingPlan } from './batches.ts';
import type { Examples } from './examples.ts';
import { Pass } from './pass.ts';

/** Trains one network on pinball loss by Adam. The same examples and chance give the same network. */
export function train(
  examples: Examples,
  plan: TrainingPlan,
  chance: Chance,
  onEpoch: (epoch: number, loss: number) => void,
): Float32Array {
  const checkpoint = newCheckpoint(startingParameters(chance));
  const gradient = new Float32Array(PARAMETERS);
  const pass = new Pass(checkpoint.parameters, gradient, examples);
  let [epoch, loss] = [-1, 0];
  const report = (): void => {
    if (epoch >= 0) onEpoch(epoch, loss / examples.count);
  };
  for (const batch of batchesOf(examples.count, plan, chance)) {
    if (batch.epoch > epoch) {
      report();
      [epoch, loss] = [batch.epoch, 0];
    }
    gradient.fill(0);
    for (const index of batch.examples) loss += pass.learn(index);
    update(checkpoint, gradient, batch, 1 / batch.examples.length);
  }
  report();
  return checkpoint.parameters;
}

/** He's uniform start for rectified units (arXiv 1502.01852); the last layer starts at the house. */
export function startingParameters(chance: Chance): Float32Array {
  const parameters = new Float32Array(PARAMETERS);
  for (let k = 0; k < 3; k++) {
    const [inputs, outputs] = [LAYERS[k] as number, LAYERS[k + 1] as number];
    const bound = k === 2 ? 0.01 : Math.sqrt(6 / inputs);
    const at = layerAt(k);
    for (let i = 0; i < inputs * outputs; i++) parameters[at + i] = (2 * chance.unit() - 1) * bound;
  }
  return parameters;
}
