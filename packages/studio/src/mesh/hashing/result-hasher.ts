import { Worker } from 'node:worker_threads';
import { Failure } from '@jamnet/base';
import type { RevealMessage } from '@jamnet/mesh';
import type { HashedJob, HashJob, HashThreadOptions } from './hash-thread.ts';

/** Shorter messages are hashed where they are decided on: handing them over would cost as much. */
export const THREAD_BYTES_MIN = 64 * 1024;
/** The thread keeps nothing between messages; V8 gives it 16 MiB for what is young by itself. */
const YOUNG_MEGABYTES_MAX = 4;

/** A message whose results carry their commitments, and the bytes that they are views of. */
export interface HashedMessage {
  readonly message: RevealMessage;
  readonly frame: Uint8Array;
}

interface Waiting {
  readonly resolve: (hashed: HashedJob) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hashes results in a thread of its own, so that the event loop decides meanwhile. The thread begins with the first message
 * that is worth it. What waits is bounded by whoever bounds the messages of all nodes (`FrameBudget`).
 */
export class ResultHasher {
  readonly #chunkCount: number;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #job = 0;
  #closed = false;

  /** `chunkCount`: chunks of a result of most kinds; those of others are hashed by the coordinator itself. */
  constructor(chunkCount: number) {
    this.#chunkCount = chunkCount;
  }

  /** Whether {@link hash} would take it: long, and alone in its memory. */
  takes(frame: Uint8Array): boolean {
    const { buffer, byteLength } = frame;
    return (
      byteLength >= THREAD_BYTES_MIN && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    );
  }

  /**
   * Moves the memory of `frame` away and gives it back in the answer: nobody may look at `message`'s results meanwhile.
   * Rejects with a Failure when the thread ends before; the bytes are lost with it.
   */
  async hash(message: RevealMessage, frame: Uint8Array): Promise<HashedMessage> {
    if (this.#closed) throw threadEnded(null);
    const places = message.items.flatMap(({ result }) => [
      result.byteOffset - frame.byteOffset,
      result.byteLength,
    ]);
    const { buffer, commitments } = await this.#ask(frame.buffer as ArrayBuffer, places); // `takes` has looked.
    const items = message.items.map((item, index) => {
      const result = new Uint8Array(buffer, places[2 * index], places[2 * index + 1]);
      const commitment = commitments[index];
      return commitment === undefined ? { ...item, result } : { ...item, result, commitment };
    });
    return { message: { ...message, items }, frame: new Uint8Array(buffer) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.terminate();
  }

  #ask(buffer: ArrayBuffer, places: readonly number[]): Promise<HashedJob> {
    return new Promise((resolve, reject) => {
      const job = ++this.#job;
      this.#waiting.set(job, { resolve, reject });
      this.#thread ??= this.#start();
      this.#thread.postMessage({ job, buffer, places } satisfies HashJob, [buffer]);
    });
  }

  #start(): Worker {
    const workerData: HashThreadOptions = { chunkCount: this.#chunkCount };
    const thread = new Worker(new URL('./hash-thread-main.ts', import.meta.url), {
      name: 'hash-results', // As `ps` and the bench see it.
      workerData,
      // What the process preloads to mind its parent is for its main thread alone.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES_MAX },
    });
    thread.unref(); // Who waits for an answer holds a socket open.
    thread.on('message', (hashed: HashedJob) => {
      this.#waiting.get(hashed.job)?.resolve(hashed);
      this.#waiting.delete(hashed.job);
    });
    let cause: unknown = null;
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', () => {
      this.#thread = null; // The next message begins another.
      const lost = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of lost) reject(threadEnded(cause));
    });
    return thread;
  }
}

function threadEnded(cause: unknown): Failure {
  return new Failure('hash-thread-ended', 'The thread that hashes results ended: send them again.', {
    cause,
  });
}
