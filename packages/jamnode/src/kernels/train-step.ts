import { ok, refuse } from '@jamnet/base';
import { decodeStep, encodeCheckpoint, runStep, stepOperations } from '@jamnet/groove/slot';
import { chunkOf } from '@jamnet/mesh/chunks';
import { CHUNK_COUNT, type Kernel } from './kernel.ts';

/**
 * A few updates of a groove forecaster from one checkpoint to the next. Every update needs the one before, so a re-check of one chunk
 * runs the whole step and compares that part of it.
 */
export const grooveTrainStep: Kernel = {
  kind: 'groove.train-step',
  version: 1,
  operations(bytes) {
    const step = decodeStep(bytes);
    return step.ok ? ok(stepOperations(step.value)) : refuse('input-malformed', step.message);
  },
  run(bytes) {
    const step = decodeStep(bytes);
    return step.ok ? ok(encodeCheckpoint(runStep(step.value))) : refuse('input-malformed', step.message);
  },
  runChunk(bytes, chunk) {
    const result = this.run(bytes);
    return result.ok ? ok(chunkOf(result.value, CHUNK_COUNT, chunk)) : result;
  },
};
