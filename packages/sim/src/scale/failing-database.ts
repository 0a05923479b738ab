import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Failure } from '@jamnet/base';
import { openSqlite, type SqliteHandle } from '@jamnet/sql';

type Values = Parameters<StatementSync['run']>;

/** Stands between callers and a statement; answers in its place where it does not call `real`. `exec` runs other SQL. */
export type OverStatement = (
  sql: string,
  values: Values,
  real: () => unknown,
  exec: (sql: string) => void,
) => unknown;

/**
 * SQLite in a file whose transactions fail as those of a database that fails over: rolled back at a chosen statement,
 * or committed without anybody hearing of it; or whose process dies. What was committed is there for the next process.
 */
export class FailingDatabase {
  readonly #file: string;
  readonly #over: OverStatement | undefined;
  #handle: SqliteHandle | null = null;
  #statementsLeft = Number.POSITIVE_INFINITY;
  #commitsLeft = Number.POSITIVE_INFINITY;
  #dies = false;
  #isDead = false;
  #failures = 0;

  constructor(file: string, over?: OverStatement) {
    this.#file = file;
    this.#over = over;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Statements and commits that have failed so far. */
  get failures(): number {
    return this.#failures;
  }

  failAfter(statements: number, dies: boolean): void {
    this.#statementsLeft = statements;
    this.#dies = dies;
  }

  loseAnswerAfter(commits: number, dies: boolean): void {
    this.#commitsLeft = commits;
    this.#dies = dies;
  }

  /** No fault waits any more. */
  calm(): void {
    this.#statementsLeft = Number.POSITIVE_INFINITY;
    this.#commitsLeft = Number.POSITIVE_INFINITY;
  }

  /** A new process: what the old one had not committed is gone. */
  async restart(): Promise<SqliteHandle> {
    await this.close();
    this.calm();
    this.#isDead = false;
    const handle = openSqlite({ file: this.#file });
    // Processes die here, machines do not: nothing needs to reach the disk, and no log is kept beside the file.
    handle.sqlite.exec('PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY');
    this.#standBetween(handle.sqlite);
    this.#handle = handle;
    return handle;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    this.#isDead = false;
    this.calm();
    if (handle?.sqlite.isTransaction) handle.sqlite.exec('ROLLBACK');
    await handle?.close();
  }

  #standBetween(sqlite: DatabaseSync): void {
    const [exec, prepare] = [sqlite.exec.bind(sqlite), sqlite.prepare.bind(sqlite)];
    sqlite.exec = (sql) => {
      this.#mustLive();
      exec(sql);
    };
    sqlite.prepare = (sql) => {
      const statement = prepare(sql);
      const isCommit = /^commit/i.test(sql);
      const isRollback = /^rollback/i.test(sql);
      for (const name of ['run', 'all', 'get'] as const) {
        const real = statement[name].bind(statement);
        const call = (...values: Values): unknown => {
          this.#mustLive();
          // The transaction of an answer that was lost is over: the caller's wish to undo it finds nothing.
          if (isRollback && !sqlite.isTransaction) return { changes: 0, lastInsertRowid: 0 };
          if (!isCommit && !isRollback && --this.#statementsLeft === 0)
            this.#fail('The database has failed over.');
          const answer = this.#over ? this.#over(sql, values, () => real(...values), exec) : real(...values);
          if (isCommit && --this.#commitsLeft === 0) this.#fail('The answer to a commit was lost.');
          return answer;
        };
        Object.defineProperty(statement, name, { value: call });
      }
      return statement;
    };
  }

  #mustLive(): void {
    if (this.#isDead) throw new Failure('database-gone', 'The process is dead.');
  }

  #fail(message: string): never {
    this.#failures++;
    this.calm();
    if (this.#dies) this.#isDead = true;
    throw new Failure('database-gone', message);
  }
}
