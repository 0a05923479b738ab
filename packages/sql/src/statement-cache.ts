import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Statements kept ready. One that inserts many rows has a text per number of rows; the oldest used goes first. */
export const STATEMENTS_MAX = 256;

/**
 * Prepared statements of one connection by their text. Preparing costs more than running a small query: measured, a third of
 * what the engine itself did for a coordinator's work.
 */
export class StatementCache {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Asking the engine lists all columns with their names, at half the price of running a small query. */
  readonly #readers = new WeakMap<StatementSync, boolean>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  get size(): number {
    return this.#statements.size;
  }

  /** For `all` and `run`, which leave the statement free; whoever iterates needs {@link fresh}. */
  get(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    const statement = this.fresh(sql);
    this.#statements.set(sql, statement);
    const oldest = this.#statements.keys().next().value;
    if (this.#statements.size > STATEMENTS_MAX && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  /** Whether it answers with rows. */
  isReader(statement: StatementSync): boolean {
    const known = this.#readers.get(statement);
    if (known !== undefined) return known;
    const isReader = statement.columns().length > 0;
    this.#readers.set(statement, isReader);
    return isReader;
  }

  /** A statement of the caller's own. Integers come back as bigint. */
  fresh(sql: string): StatementSync {
    const statement = this.#connection.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }
}
