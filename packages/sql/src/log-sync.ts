import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { Failure } from '@jamnet/base';

const syncData = promisify(fdatasync);

/** Puts on the disk what was written to one file before the call. */
export interface FileSync {
  sync(): Promise<void>;
  close(): void;
}

/** The file must stay the same one while it is open, as SQLite's log does while its database is. */
export function fileSync(file: string): FileSync {
  let fd: number | null = null;
  return {
    async sync() {
      fd ??= openSync(file, 'r+');
      await syncData(fd);
    },
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}

/**
 * Syncs of one file, off the event loop: one runs at a time, and all who ask meanwhile share the next, because the one
 * that runs may have begun before their bytes were written.
 */
export class LogSync {
  readonly #file: FileSync;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #failure: Failure | null = null;

  constructor(file: FileSync) {
    this.#file = file;
  }

  /** Why nothing more may be called safe. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /**
   * Resolves when what was written before the call is on the disk. Once a sync has failed it rejects for ever: the system
   * may have dropped the bytes, and would call the next sync a success.
   */
  sync(): Promise<void> {
    if (this.#running === null) return this.#begin();
    this.#next ??= this.#running.then(() => this.#begin());
    return this.#next;
  }

  /** Resolves when every sync asked for so far has ended; rejects as {@link sync} does. */
  settled(): Promise<void> {
    return this.#next ?? this.#running ?? Promise.resolve();
  }

  async close(): Promise<void> {
    await this.settled().catch(() => {}); // Who asked for it hears of it.
    this.#file.close();
  }

  #begin(): Promise<void> {
    this.#next = null;
    const running = this.#once().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async #once(): Promise<void> {
    if (this.#failure === null) await this.#file.sync().catch((cause: unknown) => this.#fail(cause));
    if (this.#failure !== null) throw this.#failure;
  }

  #fail(cause: unknown): void {
    const message = "The database's log could not be brought to the disk: free the disk and start again.";
    this.#failure = new Failure('log-unwritable', message, { cause });
  }
}
