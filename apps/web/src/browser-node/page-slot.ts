import { deferred, type SlotCode, type SlotRun, type TaskSlot } from '@jamnet/jamnode/page';
import type { WorkerJob, WorkerReply } from './slot-messages.ts';

/** One worker that runs one job at a time; a job past its deadline ends the worker, and the next starts a fresh one. */
export class PageSlot implements TaskSlot {
  #worker: Worker | null = null;
  #settle: ((run: SlotRun) => void) | null = null;

  async run(job: WorkerJob, timeoutMs: number, resultBytesMax: number): Promise<SlotRun> {
    const { promise, resolve } = deferred<SlotRun>();
    const timer = setTimeout(() => this.#end('slot-timeout', `Ended after ${timeoutMs} ms.`), timeoutMs);
    this.#settle = resolve;
    this.#started().postMessage(job);
    const run = await promise;
    clearTimeout(timer);
    this.#settle = null;
    if (!run.outcome.ok || run.outcome.value.length <= resultBytesMax) return run;
    return refused('result-too-large', `The result is larger than ${resultBytesMax} bytes.`);
  }

  stop(): void {
    this.#end('slot-stopped', 'Ended: the visitor said so.');
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./slot-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => this.#settle?.(runOf(data));
    worker.onerror = ({ message }) => this.#end('slot-died', message || 'The worker failed.');
    this.#worker = worker;
    return worker;
  }

  #end(code: SlotCode, message: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settle?.(refused(code, message));
  }
}

function runOf(reply: WorkerReply): SlotRun {
  if (!reply.ok) return refused(reply.code, reply.message);
  return { outcome: { ok: true, value: reply.result }, cpuMs: reply.cpuMs };
}

function refused(code: SlotCode, message: string): SlotRun {
  return { outcome: { ok: false, code, message }, cpuMs: 0 };
}
