import { kernelOf } from '@jamnet/jamnode/page';
import type { WorkerJob, WorkerReply } from './slot-messages.ts';

/** The slot of a page: computes one job after the other by the very kernels of a host, and nothing else. */
addEventListener('message', ({ data }: MessageEvent<WorkerJob>) => {
  const reply = compute(data);
  postMessage(reply, reply.ok ? { transfer: [reply.result.buffer] } : {});
});

function compute({ kind, version, input }: WorkerJob): WorkerReply {
  const kernel = kernelOf(kind, version);
  if (!kernel) return { ok: false, code: 'kernel-unknown', message: `This page has no kernel for ${kind}.` };
  const startedMs = performance.now();
  try {
    const result = kernel.run(input);
    if (!result.ok) return { ok: false, code: 'input-malformed', message: result.message };
    return { ok: true, result: new Uint8Array(result.value), cpuMs: performance.now() - startedMs };
  } catch (error) {
    return { ok: false, code: 'kernel-failed', message: error instanceof Error ? error.message : kind };
  }
}
