import type { SlotRun, TaskJob } from '../slot/slot-protocol.ts';

/** What runs one task at a time: a child process on a host, a worker in a page. */
export interface TaskSlot {
  /** Never rejects. `resultBytesMax`: what the catalogue allows. */
  run(job: TaskJob, timeoutMs: number, resultBytesMax: number): Promise<SlotRun>;
  /** Ends what runs now, which answers `slot-stopped`; the next job runs as ever. */
  stop(): void;
}
