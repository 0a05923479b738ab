import { PARAMETERS } from '../model/network.ts';
import { type Checkpoint, type Rates, update } from './adam.ts';
import type { Examples } from './examples.ts';
import { Pass } from './pass.ts';

/** Some updates of one network: the piece of a training that a host computes. */
export interface TrainStep {
  /** Where it starts from. */
  readonly checkpoint: Checkpoint;
  /** In order; each learns from the next `count` examples. */
  readonly updates: readonly StepUpdate[];
  readonly examples: Examples;
}

export interface StepUpdate extends Rates {
  /** 1 or more. */
  readonly count: number;
}

/**
 * Where the step ends. Sums, products, comparisons and square roots only, rounded to 32 bits where they are kept: the same bits on
 * every machine, so that a re-run is compared byte by byte. What is given stays as it was.
 */
export function runStep({ checkpoint, updates, examples }: TrainStep): Checkpoint {
  const after = {
    parameters: checkpoint.parameters.slice(),
    mean: checkpoint.mean.slice(),
    square: checkpoint.square.slice(),
  };
  const gradient = new Float32Array(PARAMETERS);
  const pass = new Pass(after.parameters, gradient, examples);
  let at = 0;
  for (const { count, ...rates } of updates) {
    gradient.fill(0);
    for (let i = 0; i < count; i++) pass.learn(at + i);
    update(after, gradient, rates, 1 / count);
    at += count;
  }
  return after;
}

/** Of one weight and one example: a multiplication and an addition forwards, for the gradient and for the slope below. */
const OPERATIONS_PER_WEIGHT = 6n;
/** Of one weight and one update: Adam's means, root, quotient and move. */
const OPERATIONS_PER_UPDATE = 14n;

/** Stated operations, whatever the zeros among the features save. */
export function stepOperations({ updates, examples }: Pick<TrainStep, 'updates' | 'examples'>): bigint {
  const weights = BigInt(PARAMETERS);
  return (
    weights *
    (OPERATIONS_PER_WEIGHT * BigInt(examples.count) + OPERATIONS_PER_UPDATE * BigInt(updates.length))
  );
}
