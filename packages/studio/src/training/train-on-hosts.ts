import { Failure } from '@jamnet/base';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  encodeStep,
  runStep,
  stepOperations,
  type TrainingRun,
} from '@jamnet/groove';
import { type HostedChain, type TrainingChain, trainChainOnHosts } from './chain-on-hosts.ts';

export interface HostedTraining extends Omit<HostedChain, 'chain'> {
  readonly run: TrainingRun;
}

/** Trains one network of a groove forecaster on the mesh's hosts; answers its parameters. Rejects as `trainChainOnHosts` does. */
export async function trainOnHosts(training: HostedTraining): Promise<Float32Array> {
  return checkpointOf(await trainChainOnHosts({ ...training, chain: chainOf(training.run) })).parameters;
}

function chainOf(run: TrainingRun): TrainingChain {
  return {
    kind: 'groove.train-step',
    start: encodeCheckpoint(run.start),
    length: run.length,
    step: (index, checkpoint) => {
      const step = run.step(index, checkpointOf(checkpoint));
      return {
        input: encodeStep(step),
        operations: stepOperations(step),
        computeHere: () => encodeCheckpoint(runStep(step)),
      };
    },
    isCheckpoint: (bytes) => decodeCheckpoint(bytes).ok,
  };
}

function checkpointOf(bytes: Uint8Array) {
  const checkpoint = decodeCheckpoint(bytes);
  if (!checkpoint.ok) throw new Failure(checkpoint.code, checkpoint.message);
  return checkpoint.value;
}
