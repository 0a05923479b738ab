/** What a slot computes a training step by, and nothing else of this package. */

export {
  biasesOf,
  type Checkpoint,
  newCheckpoint,
  type Rates,
  update as adamUpdate,
} from './training/adam.ts';
export {
  CHECKPOINT_BYTES,
  decodeStep,
  encodeCheckpoint,
  STEP_BYTES_MAX,
} from './training/step-codec.ts';
export { runStep, stepOperations } from './training/train-step.ts';
