import type { StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { SqliteHandle } from './database.ts';
import { type FileSync, fileSync, LogSync } from './log-sync.ts';

/** Works that one commit carries at most: what comes later waits for the next, so that none waits for ever. */
export const WORKS_PER_COMMIT_MAX = 64;

export interface GroupCommitOptions {
  /** Runs after the works of each commit, in their transaction; when it throws, all of them fail. */
  readonly beforeCommit?: (transaction: Kysely<unknown>) => Promise<void>;
  /** A work, or all works of a commit, left nothing in the database: called before the next work begins. */
  readonly undone?: () => void;
  /** Stands in for the database's own log. */
  readonly log?: FileSync | null;
}

interface Waiting {
  run(transaction: Kysely<unknown>): Promise<void>;
  /** The commit is done, or failed with this. */
  end(error: unknown): void;
}

/**
 * One commit for all works that wait for SQLite's one writer; works stay atomic each by savepoints: one that throws is
 * undone alone. SQLite would wait for the disk in each commit and hold the event loop meanwhile: here the commit goes into
 * the log, the log is synced in the background, and nobody hears of a work before that. The next commit begins at once;
 * its works see what the one before wrote, and are told after it.
 */
export class GroupCommit {
  readonly #database: SqliteHandle;
  readonly #options: GroupCommitOptions;
  /** `null` where there is no log: SQLite syncs itself. */
  readonly #log: LogSync | null;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;
  /** Rows that the connection has changed since it was opened. */
  readonly #changes: StatementSync;
  #changesSynced: unknown = 0;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #undo: StatementSync;

  constructor(database: SqliteHandle, options: GroupCommitOptions = {}) {
    const { log = logOf(database) } = options;
    this.#database = database;
    this.#options = options;
    this.#log = log && new LogSync(log);
    this.#begin = database.sqlite.prepare('BEGIN IMMEDIATE');
    this.#end = database.sqlite.prepare('COMMIT');
    this.#undo = database.sqlite.prepare('ROLLBACK');
    this.#changes = database.sqlite.prepare('SELECT total_changes() AS count');
  }

  /** After the last work, before the database is closed. */
  async close(): Promise<void> {
    await this.#log?.close();
  }

  /** Resolves when the work's commit has reached the disk; rejects when the work or the commit failed. */
  transaction<T>(work: (transaction: Kysely<unknown>) => Promise<T>): Promise<T> {
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
        if (this.#log?.failure) throw this.#log.failure;
        await this.#database.kysely.connection().execute(() => this.#commit(taken));
      } catch (error) {
        failed = error;
        this.#options.undone?.();
        // A transaction that could not even begin fails those who waited for it.
        if (taken.length === 0) taken.push(...this.#waiting.splice(0, WORKS_PER_COMMIT_MAX));
      }
      if (failed === null) void this.#endOnDisk(taken);
      else for (const work of taken) work.end(failed);
    }
    this.#isRunning = false;
  }

  /**
   * With the connection to itself, for how far a commit waits is a setting of the connection. Works see it through `held`: a Kysely
   * made for each transaction cost more than the commit.
   */
  async #commit(taken: Waiting[]): Promise<void> {
    const { sqlite, held } = this.#database;
    // With a log, NORMAL still orders the log before the pages that come from it: only the wait in COMMIT is left out.
    if (this.#log) sqlite.exec('PRAGMA synchronous=NORMAL');
    try {
      this.#begin.run();
      try {
        await this.#runAll(held, taken);
        this.#end.run();
      } catch (error) {
        if (sqlite.isOpen && sqlite.isTransaction) this.#undo.run();
        throw error;
      }
    } finally {
      if (this.#log && sqlite.isOpen) sqlite.exec('PRAGMA synchronous=FULL');
    }
  }

  async #endOnDisk(works: readonly Waiting[]): Promise<void> {
    let failed: unknown = null;
    try {
      await this.#synced();
    } catch (error) {
      failed = error;
    }
    for (const work of works) work.end(failed);
  }

  /** Works that only looked wait too while something that they may have seen is on its way to the disk. */
  #synced(): Promise<void> {
    if (this.#log === null) return Promise.resolve();
    const changes = this.#changes.get()?.count;
    if (changes === this.#changesSynced) return this.#log.settled();
    this.#changesSynced = changes;
    return this.#log.sync();
  }

  async #runAll(transaction: Kysely<unknown>, taken: Waiting[]): Promise<void> {
    while (taken.length < WORKS_PER_COMMIT_MAX) {
      const work = this.#waiting.shift();
      if (!work) break;
      taken.push(work);
      await work.run(transaction);
    }
    await this.#options.beforeCommit?.(transaction);
  }

  async #alone<T>(
    transaction: Kysely<unknown>,
    work: (transaction: Kysely<unknown>) => Promise<T>,
  ): Promise<T> {
    const { sqlite } = this.#database;
    sqlite.exec('SAVEPOINT work');
    try {
      const value = await work(transaction);
      sqlite.exec('RELEASE work');
      return value;
    } catch (error) {
      sqlite.exec('ROLLBACK TO work; RELEASE work');
      this.#options.undone?.();
      throw error;
    }
  }
}

/** The log that SQLite writes commits to before the database's file, or `null`: in memory, or on a disk that cannot have one. */
function logOf({ sqlite }: SqliteHandle): FileSync | null {
  const mode = sqlite.prepare('PRAGMA journal_mode').get()?.journal_mode;
  const file = sqlite.prepare("SELECT file FROM pragma_database_list WHERE name = 'main'").get()?.file;
  return mode === 'wal' && typeof file === 'string' && file !== '' ? fileSync(`${file}-wal`) : null;
}
