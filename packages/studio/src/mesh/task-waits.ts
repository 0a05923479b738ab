import { Failure } from '@jamnet/base';
import type { Coordinator } from '@jamnet/mesh';

/** Those who wait until tasks are accepted or failed. */
export class TaskWaits {
  readonly #rowsOf: Coordinator['tasks'];
  readonly #listeners = new Set<(task: string) => void>();

  /** `rowsOf`: how tasks stand now. */
  constructor(rowsOf: Coordinator['tasks']) {
    this.#rowsOf = rowsOf;
  }

  /** These are done, here or at another coordinator. */
  tell(tasks: readonly string[]): void {
    for (const listener of this.#listeners) for (const task of tasks) listener(task);
  }

  /** Resolves when each task is accepted or failed; rejects with a Failure `aborted` when the signal aborts. */
  async until(
    tasks: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ accepted: string[]; failed: string[] }> {
    const open = new Set(tasks);
    const changed = this.#listen(open, signal);
    try {
      for (const row of await this.#rowsOf(tasks))
        if (row.state === 'accepted' || row.state === 'failed') open.delete(row.id);
      if (open.size > 0) await changed.promise;
    } finally {
      changed.stop();
    }
    const rows = await this.#rowsOf(tasks);
    const inState = (state: string) => rows.filter((row) => row.state === state).map((row) => row.id);
    return { accepted: inState('accepted'), failed: inState('failed') };
  }

  #listen(open: Set<string>, signal?: AbortSignal) {
    let stop = (): void => {};
    const promise = new Promise<void>((resolve, reject) => {
      const listener = (task: string): void => {
        open.delete(task);
        if (open.size === 0) resolve();
      };
      const abort = (): void => reject(new Failure('aborted', 'Stopped waiting for tasks.'));
      this.#listeners.add(listener);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      stop = () => {
        this.#listeners.delete(listener);
        signal?.removeEventListener('abort', abort);
      };
    });
    promise.catch(() => {}); // It may be left unused when all tasks were done before.
    return { promise, stop: () => stop() };
  }
}
