import type { Transaction } from 'kysely';
import type { SqliteHandle } from './database.ts';

/** Works that one commit carries at most: what comes later waits for the next, so that none waits for ever. */
export const WORKS_PER_COMMIT_MAX = 64;

interface Waiting {
  run(transaction: Transaction<unknown>): Promise<void>;
  /** The commit is done, or failed with this. */
  end(error: unknown): void;
}

/**
 * One commit for all works that wait for SQLite's one writer. A commit waits for the disk, whatever is in it; works stay
 * atomic each by savepoints: one that throws is undone alone.
 */
export class GroupCommit {
  readonly #database: SqliteHandle;
  readonly #beforeCommit: (transaction: Transaction<unknown>) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

  /** `beforeCommit` runs after the works of each commit, in their transaction; when it throws, all of them fail. */
  constructor(
    database: SqliteHandle,
    beforeCommit: (transaction: Transaction<unknown>) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#database = database;
    this.#beforeCommit = beforeCommit;
  }

  /** Resolves when the work's commit has reached the disk; rejects when the work or the commit failed. */
  transaction<T>(work: (transaction: Transaction<unknown>) => Promise<T>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      let fate: () => void = () => {};
      this.#waiting.push({
        run: async (transaction) => {
          try {
            const value = await this.#alone(transaction, work);
            fate = () => resolve(value);
          } catch (error) {
            fate = () => reject(error);
          }
        },
        end: (error) => (error === null ? fate() : reject(error)),
      });
    });
    if (!this.#isRunning) void this.#workOff();
    return done;
  }

  async #workOff(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const taken: Waiting[] = [];
      let failed: unknown = null;
      try {
        await this.#database.kysely.transaction().execute((transaction) => this.#runAll(transaction, taken));
      } catch (error) {
        failed = error;
        // A transaction that could not even begin fails those who waited for it.
        if (taken.length === 0) taken.push(...this.#waiting.splice(0, WORKS_PER_COMMIT_MAX));
      }
      for (const work of taken) work.end(failed);
    }
    this.#isRunning = false;
  }

  async #runAll(transaction: Transaction<unknown>, taken: Waiting[]): Promise<void> {
    while (taken.length < WORKS_PER_COMMIT_MAX) {
      const work = this.#waiting.shift();
      if (!work) break;
      taken.push(work);
      await work.run(transaction);
    }
    await this.#beforeCommit(transaction);
  }

  async #alone<T>(
    transaction: Transaction<unknown>,
    work: (transaction: Transaction<unknown>) => Promise<T>,
  ): Promise<T> {
    const { sqlite } = this.#database;
    sqlite.exec('SAVEPOINT work');
    try {
      const value = await work(transaction);
      sqlite.exec('RELEASE work');
      return value;
    } catch (error) {
      sqlite.exec('ROLLBACK TO work; RELEASE work');
      throw error;
    }
  }
}
