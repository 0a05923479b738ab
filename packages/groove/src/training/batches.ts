import type { Chance } from '@jamnet/base';
import { biasesOf, type Rates } from './adam.ts';

/** How a network is trained; the defaults were chosen on the split `validation` of the Groove MIDI Dataset. */
export interface TrainingPlan {
  /** Passes over all examples. */
  readonly epochs: number;
  /** Examples per update. */
  readonly batch: number;
  readonly learningRate: number;
}

export const TRAINING_PLAN: TrainingPlan = { epochs: 5, batch: 256, learningRate: 2e-3 };

const WARM_UP_UPDATES = 200;

/** One update: which examples it learns from, and its rates. */
export interface Batch extends Rates {
  readonly epoch: number;
  /** A view of the epoch's order: valid until the next epoch begins. */
  readonly examples: Uint32Array;
}

/** All updates of a training in order: examples shuffled anew in each epoch, a cosine schedule with a warm-up. */
export function* batchesOf(count: number, plan: TrainingPlan, chance: Chance): Generator<Batch> {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const updates = updatesOf(count, plan);
  let update = 0;
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    shuffle(order, chance);
    for (let from = 0; from < count; from += plan.batch) {
      update++;
      const learningRate =
        plan.learningRate *
        Math.min(1, update / WARM_UP_UPDATES) *
        (0.5 + 0.5 * Math.cos((Math.PI * update) / updates));
      yield { epoch, examples: order.subarray(from, from + plan.batch), learningRate, ...biasesOf(update) };
    }
  }
}

function updatesOf(count: number, plan: TrainingPlan): number {
  return plan.epochs * Math.ceil(count / plan.batch);
}

function shuffle(order: Uint32Array, chance: Chance): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = chance.below(i + 1);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
}
