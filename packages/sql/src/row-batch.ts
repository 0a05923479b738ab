import type { StatementSync } from 'node:sqlite';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from './database.ts';

export type ColumnType = 'text' | 'bigint';
type Value = string | bigint | null;
/** A connection, usually a transaction; its tables are of no matter here. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's type of tables is invariant, and any will do.
type Connection = Kysely<any>;

export interface BatchTable<Row> {
  readonly table: string;
  /** Unique: by it rows are found again. */
  readonly key: string & keyof Row;
  /** All columns that are written, by the type that PostgreSQL gives them. */
  readonly columns: { readonly [Column in string & keyof Row]: ColumnType };
}

/**
 * Writes many rows of one table for the price of a few: on SQLite one prepared statement, run for each row within the
 * process; on PostgreSQL one statement over arrays, so one round trip. Call it within a transaction of the same database.
 */
export class RowBatch<Row extends { readonly [Column in keyof Row]: Value }> {
  readonly #database: Database;
  readonly #spec: BatchTable<Row>;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: Database, spec: BatchTable<Row>) {
    this.#database = database;
    this.#spec = spec;
  }

  /** Adds rows and returns how many were new. Rows whose key is known already are left as they are, or replaced. */
  insert(connection: Connection, rows: readonly Row[], known: 'keep' | 'replace'): Promise<number> {
    const { table, key, columns } = this.#spec;
    const names = Object.keys(columns) as (string & keyof Row)[];
    const set = names.filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
    const conflict = `ON CONFLICT (${key}) DO ${known === 'keep' ? 'NOTHING' : `UPDATE SET ${set.join(', ')}`}`;
    const source = this.#isSqlite
      ? `VALUES (${names.map(() => '?').join(', ')})`
      : `SELECT * FROM unnest(${this.#arrays(names)})`;
    // One statement may not change a row twice: the last of each key counts.
    const last = known === 'keep' ? rows : [...new Map(rows.map((row) => [row[key], row])).values()];
    return this.#run(
      connection,
      `INSERT INTO ${table} (${names.join(', ')}) ${source} ${conflict}`,
      names,
      last,
    );
  }

  /** Sets some columns of rows that are there: a row has its key and these at least. */
  update<Changed extends string & keyof Row>(
    connection: Connection,
    rows: readonly (Pick<Row, Changed> & Partial<Row>)[],
    changed: readonly Changed[],
  ): Promise<number> {
    const { table, key } = this.#spec;
    if (this.#isSqlite) {
      const set = changed.map((name) => `${name} = ?`).join(', ');
      return this.#run(connection, `UPDATE ${table} SET ${set} WHERE ${key} = ?`, [...changed, key], rows);
    }
    const names = [key, ...changed];
    const set = changed.map((name) => `${name} = new.${name}`).join(', ');
    const from = `unnest(${this.#arrays(names)}) AS new(${names.join(', ')})`;
    const last = [...new Map(rows.map((row) => [row[key], row])).values()];
    return this.#run(
      connection,
      `UPDATE ${table} SET ${set} FROM ${from} WHERE ${table}.${key} = new.${key}`,
      names,
      last,
    );
  }

  get #isSqlite(): boolean {
    return this.#database.engine === 'sqlite';
  }

  #arrays(names: readonly (string & keyof Row)[]): string {
    return names.map((name, index) => `$${index + 1}::${this.#spec.columns[name]}[]`).join(', ');
  }

  async #run(
    connection: Connection,
    text: string,
    names: readonly (string & keyof Row)[],
    rows: readonly Partial<Row>[],
  ): Promise<number> {
    if (rows.length === 0) return 0;
    if (this.#database.engine === 'postgres') {
      const columns = names.map((name) => rows.map((row) => row[name]));
      const { numAffectedRows } = await connection.executeQuery(CompiledQuery.raw(text, columns));
      return Number(numAffectedRows ?? 0n);
    }
    let statement = this.#prepared.get(text);
    if (statement === undefined) {
      statement = this.#database.sqlite.prepare(text);
      this.#prepared.set(text, statement);
    }
    let changes = 0;
    // Each row has all of these columns: the callers' types say so.
    const valuesOf = (row: Partial<Row>) => names.map((name) => row[name] as Value);
    for (const row of rows) changes += Number(statement.run(...valuesOf(row)).changes);
    return changes;
  }
}
