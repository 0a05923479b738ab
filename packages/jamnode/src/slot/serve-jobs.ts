import type { Result } from '@jamnet/base';
import { encodeFrame, FrameReader } from './frames.ts';
import type { JobHead, ReplyHead, SlotCode } from './slot-protocol.ts';

/** Largest model and input that a job may bring; the parent is trusted, this is against a broken pipe. */
const INPUT_BYTES_MAX = 128 * 1024 * 1024;

type Compute = (
  job: JobHead,
  input: Uint8Array,
) => Result<Uint8Array, SlotCode> | Promise<Result<Uint8Array, SlotCode>>;

/** The child's side of a slot: jobs come in on stdin, each is computed at once and answered on stdout; ends with its parent. */
export function serveJobs(compute: Compute): void {
  const reader = new FrameReader(() => INPUT_BYTES_MAX);
  process.stdin.on('data', (bytes) => {
    for (const frame of reader.push(bytes) ?? []) {
      const job = JSON.parse(frame.head) as JobHead; // The parent is our own program.
      void answer(job, compute, frame.body); // Rejects where our own program is broken, which ends the process.
    }
  });
  process.stdin.on('end', () => process.exit(0));
}

async function answer(job: JobHead, compute: Compute, input: Uint8Array): Promise<void> {
  const before = process.cpuUsage();
  const outcome = await compute(job, input);
  const used = process.cpuUsage(before);
  const reply: ReplyHead = {
    job: job.job,
    refusal: outcome.ok ? null : { code: outcome.code, message: outcome.message },
    cpuMs: (used.user + used.system) / 1000,
    residentBytes: process.memoryUsage.rss(),
  };
  for (const piece of encodeFrame(reply, outcome.ok ? outcome.value : new Uint8Array()))
    process.stdout.write(piece);
}
