import { type ChildProcess, spawn } from 'node:child_process';
import { type Result, refuse } from '@jamnet/base';
import { deferred } from '../deferred.ts';
import { type Sandbox, sandboxFor } from './sandbox.ts';
import type { SlotCode, SlotJob, SlotReply } from './slot-protocol.ts';

export interface SlotOptions {
  /** Heap of the child, default 64. */
  readonly memoryMb?: number | undefined;
}

export interface SlotRun {
  readonly outcome: Result<Uint8Array, SlotCode>;
  /** Processor time in the child; 0 when it died. */
  readonly cpuMs: number;
}

/** Heap for the largest excerpt of the catalogue, several times over. */
const MEMORY_MB = 64;

/** No secret of the owner's environment reaches a kernel; the path finds `unshare` on Linux. */
const SLOT_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

interface Pending {
  readonly job: number;
  settle(run: SlotRun): void;
}

/**
 * One child process that runs one job at a time and stays alive between jobs. A job past its deadline is ended by
 * killing the process; the next job starts a fresh one.
 */
export class Slot {
  readonly sandbox: Sandbox;
  #child: ChildProcess | null = null;
  #pending: Pending | null = null;
  #closed = false;
  #jobs = 0;
  #residentBytes = 0;

  constructor(options: SlotOptions = {}) {
    this.sandbox = sandboxFor(options.memoryMb ?? MEMORY_MB);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** As the child reported after its last job. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  get busy(): boolean {
    return this.#pending !== null;
  }

  /** Never rejects. One job at a time: a second is refused as `kernel-failed`. */
  run(job: Omit<SlotJob, 'job' | 'chunk'> & { chunk?: number }, timeoutMs: number): Promise<SlotRun> {
    if (this.#closed) return failedRun('slot-closed', 'The slot is closed.');
    if (this.#pending) return failedRun('kernel-failed', 'The slot is busy.');
    const { promise, resolve } = deferred<SlotRun>();
    const number = ++this.#jobs;
    const timer = setTimeout(() => this.#kill('slot-timeout', `Killed after ${timeoutMs} ms.`), timeoutMs);
    this.#pending = {
      job: number,
      settle: (run) => {
        clearTimeout(timer);
        this.#pending = null;
        resolve(run);
      },
    };
    const message: SlotJob = { ...job, job: number, chunk: job.chunk ?? null };
    this.#start().send(message, (error) => {
      if (error && this.#pending?.job === number) this.#kill('slot-died', error.message);
    });
    return promise;
  }

  close(): void {
    this.#closed = true;
    this.#kill('slot-closed', 'The slot is closed.');
  }

  #start(): ChildProcess {
    if (this.#child) return this.#child;
    const { command, args } = this.sandbox;
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
      env: SLOT_ENVIRONMENT,
    });
    child.on('message', (message) => this.#receive(message as SlotReply)); // Our own program in a sandbox; `job` is checked.
    child.on('error', (error) => this.#lost(child, error.message));
    child.on('exit', (code, signal) => this.#lost(child, `exit ${code ?? signal}`));
    this.#child = child;
    return child;
  }

  #receive(reply: SlotReply): void {
    this.#residentBytes = reply.residentBytes;
    if (this.#pending?.job === reply.job)
      this.#pending.settle({ outcome: reply.outcome, cpuMs: reply.cpuMs });
  }

  #lost(child: ChildProcess, why: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#pending?.settle({ outcome: refuse('slot-died', `The slot's process ended: ${why}.`), cpuMs: 0 });
  }

  #kill(code: SlotCode, why: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    this.#pending?.settle({ outcome: refuse(code, why), cpuMs: 0 });
  }
}

function failedRun(code: SlotCode, why: string): Promise<SlotRun> {
  return Promise.resolve({ outcome: refuse(code, why), cpuMs: 0 });
}
