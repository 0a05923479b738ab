import { type Result, refuse } from '@jamnet/base';
import { kernelOf } from '../kernels/kernels.ts';
import { serveJobs } from './serve-jobs.ts';
import type { JobHead, SlotCode } from './slot-protocol.ts';

/** The process of one slot: opens nothing, connects to nothing, knows the kernels of this build and no others. */
serveJobs(compute);

function compute({ kind, version, chunk }: JobHead, input: Uint8Array): Result<Uint8Array, SlotCode> {
  const kernel = kernelOf(kind, version);
  if (!kernel) return refuse('kernel-unknown', `This build has no kernel for ${kind} version ${version}.`);
  try {
    return chunk === null ? kernel.run(input) : kernel.runChunk(input, chunk);
  } catch (error) {
    return refuse('kernel-failed', `${kind}: ${error instanceof Error ? error.message : 'failed'}`);
  }
}
