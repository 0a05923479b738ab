import type { StatementSync } from 'node:sqlite';
import { type Compilable, CompiledQuery, type Kysely } from 'kysely';
import type { Database } from './database.ts';

/** A connection, usually a transaction; its tables are of no matter here. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's type of tables is invariant, and any will do.
type Connection = Kysely<any>;

/** Stands for a value while a query is compiled. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query whose text is made once, at its first use, and whose statement stays prepared: on SQLite building and compiling
 * the text of a small query costs several times what the engine does for it. For questions that a busy path asks again
 * and again; the values are given by name at each use. On SQLite call it while the connection is yours.
 */
export class ReadyQuery<Given extends { readonly [Name in keyof Given]: unknown }, Row> {
  readonly #database: Database;
  readonly #build: (given: Given) => Compilable<Row>;
  #text = '';
  #values: readonly unknown[] = [];
  #statement: StatementSync | null = null;

  /** `build` may pass what is `given` on as values only: it does not see them. */
  constructor(database: Database, build: (given: Given) => Compilable<Row>) {
    this.#database = database;
    this.#build = build;
  }

  async all(connection: Connection, given: Given): Promise<Row[]> {
    if (this.#text === '') this.#compile();
    const values = this.#values.map((value) =>
      value instanceof Place ? given[value.name as keyof Given] : value,
    );
    if (this.#database.engine === 'postgres')
      return (await connection.executeQuery<Row>(CompiledQuery.raw(this.#text, values))).rows;
    this.#statement ??= this.#prepare(this.#database.sqlite.prepare(this.#text));
    // Rows are as `build` types them, on either engine.
    return this.#statement.all(...(values as Parameters<StatementSync['all']>)) as Row[];
  }

  #compile(): void {
    const places = new Proxy({}, { get: (_, name) => new Place(String(name)) });
    const { sql, parameters } = this.#build(places as Given).compile();
    this.#text = sql;
    this.#values = parameters;
  }

  #prepare(statement: StatementSync): StatementSync {
    statement.setReadBigInts(true);
    return statement;
  }
}
