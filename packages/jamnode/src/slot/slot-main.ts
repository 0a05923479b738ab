import { ok, type Result, refuse } from '@jamnet/base';
import { kernelOf } from '../kernels/kernels.ts';
import type { SlotCode, SlotJob, SlotReply } from './slot-protocol.ts';

/** The process of one slot: waits for jobs on its IPC channel, computes, answers. Opens nothing, connects to nothing. */
process.on('message', (message) => {
  const job = message as SlotJob; // The parent is our own program.
  const before = process.cpuUsage();
  const outcome = compute(job);
  const used = process.cpuUsage(before);
  const cpuMs = (used.user + used.system) / 1000;
  const reply: SlotReply = { job: job.job, outcome, cpuMs, residentBytes: process.memoryUsage.rss() };
  process.send?.(reply);
});

process.on('disconnect', () => process.exit(0));

function compute({ kind, version, input, chunk }: SlotJob): Result<Uint8Array, SlotCode> {
  const kernel = kernelOf(kind, version);
  if (!kernel) return refuse('kernel-unknown', `This build has no kernel for ${kind} version ${version}.`);
  try {
    const result = chunk === null ? kernel.run(input) : kernel.runChunk(input, chunk);
    return result.ok ? ok(result.value.slice()) : result;
  } catch (error) {
    return refuse('kernel-failed', `${kind}: ${error instanceof Error ? error.message : 'failed'}`);
  }
}
