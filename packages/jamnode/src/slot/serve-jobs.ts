import type { Result } from '@jamnet/base';
import { encodeFrame, FrameReader } from './frames.ts';
import type { JobHead, ReplyHead, SlotCode } from './slot-protocol.ts';

/** Largest input that a job may bring; the parent is trusted, this is against a broken pipe. */
const INPUT_BYTES_MAX = 64 * 1024 * 1024;

/** The child's side of a slot: jobs come in on stdin, each is computed at once and answered on stdout; ends with its parent. */
export function serveJobs(compute: (job: JobHead, input: Uint8Array) => Result<Uint8Array, SlotCode>): void {
  const reader = new FrameReader(() => INPUT_BYTES_MAX);
  process.stdin.on('data', (bytes) => {
    for (const frame of reader.push(bytes) ?? []) {
      const job = JSON.parse(frame.head) as JobHead; // The parent is our own program.
      answer(job, compute, frame.body);
    }
  });
  process.stdin.on('end', () => process.exit(0));
}

function answer(
  job: JobHead,
  compute: (job: JobHead, input: Uint8Array) => Result<Uint8Array, SlotCode>,
  input: Uint8Array,
): void {
  const before = process.cpuUsage();
  const outcome = compute(job, input);
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
