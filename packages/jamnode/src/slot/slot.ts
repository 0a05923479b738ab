import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import type { TaskSlot } from '../client/task-slot.ts';
import { deferred } from '../deferred.ts';
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import { slotImage } from './image.ts';
import { type Confinement, type Sandbox, sandboxFor } from './sandbox.ts';
import { type JobHead, readReplyHead, type SlotCode, type SlotJob, type SlotRun } from './slot-protocol.ts';

export interface SlotOptions {
  /** Heap of the child, default 64. */
  readonly memoryMb?: number | undefined;
  /** Scheduling priority, 0 … 19; default 0. */
  readonly niceness?: number | undefined;
  /** Less than this machine offers. */
  readonly confinement?: Confinement | undefined;
  /** Module of another program than the kernels of this build. */
  readonly program?: string | undefined;
}

/** Heap for the largest excerpt of the catalogue, several times over. */
const MEMORY_MB = 64;
/** Largest result where nobody says less: that of a reveal. */
const RESULT_BYTES_MAX = 2 * 1024 * 1024;
/** Of what a child writes to stderr, for the sentence that says why it died. */
const LAST_WORDS_MAX = 2048;

/** No secret of the owner's environment reaches a kernel; the path finds `true` and Node's libraries on Linux. */
const SLOT_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

interface Pending {
  readonly job: number;
  readonly resultBytesMax: number;
  settle(outcome: Result<Uint8Array, SlotCode>, cpuMs?: number): void;
}

/**
 * One child process that runs one job at a time and stays alive between jobs. A job past its deadline is ended by
 * killing the process; the next job starts a fresh one.
 */
export class Slot implements TaskSlot {
  readonly sandbox: Sandbox;
  readonly #workDirectory: string;
  #child: ChildProcess | null = null;
  #pending: Pending | null = null;
  #closed = false;
  #jobs = 0;
  #residentBytes = 0;
  #lastWords = '';

  constructor({ memoryMb = MEMORY_MB, niceness = 0, program, confinement }: SlotOptions = {}) {
    const image = slotImage(program);
    this.#workDirectory = mkdtempSync(join(tmpdir(), 'jamnet-work-'));
    this.sandbox = sandboxFor({ image, workDirectory: this.#workDirectory, memoryMb, niceness, confinement });
    process.once('exit', this.#removeWork);
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
  run(
    { kind, version, input, chunk, model = null, modelFile = new Uint8Array() }: SlotJob,
    timeoutMs: number,
    resultBytesMax: number = RESULT_BYTES_MAX,
  ): Promise<SlotRun> {
    if (this.#closed) return failedRun('slot-closed', 'The slot is closed.');
    if (this.#pending) return failedRun('kernel-failed', 'The slot is busy.');
    const { promise, resolve } = deferred<SlotRun>();
    const number = ++this.#jobs;
    const timer = setTimeout(() => this.#kill('slot-timeout', `Killed after ${timeoutMs} ms.`), timeoutMs);
    this.#pending = {
      job: number,
      resultBytesMax,
      settle: (outcome, cpuMs = 0) => {
        clearTimeout(timer);
        this.#pending = null;
        resolve({ outcome, cpuMs });
      },
    };
    const named = model && { ...model, bytes: modelFile.length };
    const head: JobHead = { job: number, kind, version, chunk: chunk ?? null, model: named };
    const { stdin } = this.#start();
    for (const piece of encodeFrame(head, model ? Buffer.concat([modelFile, input]) : input))
      stdin?.write(piece);
    return promise;
  }

  /** Ends what runs now; the next job starts a fresh process. */
  stop(): void {
    if (this.#pending) this.#kill('slot-stopped', 'Ended: the machine is needed.');
  }

  close(): void {
    this.#closed = true;
    this.#kill('slot-closed', 'The slot is closed.');
    process.off('exit', this.#removeWork);
    this.#removeWork();
  }

  readonly #removeWork = (): void => rmSync(this.#workDirectory, { recursive: true, force: true });

  #start(): ChildProcess {
    if (this.#child) return this.#child;
    const { command, args } = this.sandbox;
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: this.#workDirectory,
      env: SLOT_ENVIRONMENT,
    });
    const reader = new FrameReader(() => this.#pending?.resultBytesMax ?? 0);
    child.stdout.on('data', (bytes: Buffer) => this.#hear(child, reader, bytes));
    child.stderr.on('data', (bytes: Buffer) => {
      if (this.#child === child) this.#lastWords = `${this.#lastWords}${bytes}`.slice(-LAST_WORDS_MAX);
    });
    child.stdin.on('error', () => {}); // A child that is gone: its exit says so.
    child.on('error', (error) => this.#lost(child, error.message));
    child.on('exit', (code, signal) => this.#lost(child, `exit ${code ?? signal}`));
    this.#child = child;
    this.#lastWords = '';
    return child;
  }

  #hear(child: ChildProcess, reader: FrameReader, bytes: Uint8Array): void {
    if (this.#child !== child) return;
    const frames = reader.push(bytes);
    if (!frames) {
      const most = this.#pending?.resultBytesMax ?? 0;
      this.#kill('result-too-large', `Killed: the result is larger than ${most} bytes.`);
      return;
    }
    for (const frame of frames) this.#receive(frame);
  }

  #receive({ head, body }: Frame): void {
    const reply = readReplyHead(head);
    if (!reply || reply.job !== this.#pending?.job) {
      this.#kill('slot-confused', 'Killed: it answered what nobody asked.');
      return;
    }
    this.#residentBytes = reply.residentBytes;
    const { refusal, cpuMs } = reply;
    this.#pending.settle(refusal ? refuse(refusal.code, refusal.message) : ok(body), cpuMs);
  }

  #lost(child: ChildProcess, why: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    const words = /out of memory|allocation failed/i.test(this.#lastWords) ? ', out of memory' : '';
    this.#pending?.settle(refuse('slot-died', `The slot's process ended: ${why}${words}.`));
  }

  #kill(code: SlotCode, why: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    this.#pending?.settle(refuse(code, why));
  }
}

function failedRun(code: SlotCode, why: string): Promise<SlotRun> {
  return Promise.resolve({ outcome: refuse(code, why), cpuMs: 0 });
}
