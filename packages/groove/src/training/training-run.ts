import { assert, type Chance } from '@jamnet/base';
import { FEATURES } from '../model/features.ts';
import { type Checkpoint, newCheckpoint } from './adam.ts';
import { type Batch, batchesOf, type TrainingPlan } from './batches.ts';
import type { Examples } from './examples.ts';
import { STEP_EXAMPLES_MAX, STEP_UPDATES_MAX } from './step-codec.ts';
import { startingParameters } from './train.ts';
import type { TrainStep } from './train-step.ts';

/** What one network is trained on, how, and from where. */
export interface TrainingJob {
  readonly examples: Examples;
  readonly plan: TrainingPlan;
  readonly chance: Chance;
  /** Parameters to go on from; `null`: from scratch. */
  readonly from: Float32Array | null;
}

/**
 * One network's training cut into steps. Nothing but the checkpoints goes from step to step, so each can be computed elsewhere and
 * again; all of them one after the other give the bits of `train`.
 */
export class TrainingRun {
  readonly start: Checkpoint;
  readonly #examples: Examples;
  readonly #steps: readonly (readonly Batch[])[];

  constructor({ examples, plan, chance, from }: TrainingJob) {
    assert(plan.batch <= STEP_EXAMPLES_MAX, `an update of at most ${STEP_EXAMPLES_MAX} examples`);
    this.#examples = examples;
    this.start = newCheckpoint(from?.slice() ?? startingParameters(chance));
    const steps: Batch[][] = [];
    let inStep = STEP_EXAMPLES_MAX;
    for (const batch of batchesOf(examples.count, plan, chance)) {
      const { length } = batch.examples;
      const last = steps.at(-1);
      const kept = { ...batch, examples: batch.examples.slice() };
      if (last && inStep + length <= STEP_EXAMPLES_MAX && last.length < STEP_UPDATES_MAX) last.push(kept);
      else {
        steps.push([kept]);
        inStep = 0;
      }
      inStep += length;
    }
    this.#steps = steps;
  }

  /** Steps of the whole training. */
  get length(): number {
    return this.#steps.length;
  }

  /** Step `index`, 0 ≤ index < length, from the checkpoint at which the one before it ended. */
  step(index: number, checkpoint: Checkpoint): TrainStep {
    const batches = this.#steps[index] ?? [];
    const updates = batches.map(({ examples, learningRate, meanBias, squareBias }) => ({
      count: examples.length,
      learningRate,
      meanBias,
      squareBias,
    }));
    return { checkpoint, updates, examples: this.#picked(batches) };
  }

  #picked(batches: readonly Batch[]): Examples {
    const count = batches.reduce((sum, { examples }) => sum + examples.length, 0);
    const all = this.#examples;
    const picked = {
      count,
      features: new Float32Array(count * FEATURES),
      anchors: new Float64Array(4 * count),
      played: new Float64Array(2 * count),
    };
    let at = 0;
    for (const { examples } of batches)
      for (const i of examples) {
        picked.features.set(all.features.subarray(i * FEATURES, (i + 1) * FEATURES), at * FEATURES);
        picked.anchors.set(all.anchors.subarray(4 * i, 4 * i + 4), 4 * at);
        picked.played.set(all.played.subarray(2 * i, 2 * i + 2), 2 * at);
        at++;
      }
    return picked;
  }
}
