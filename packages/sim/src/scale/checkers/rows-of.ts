import type { SqliteHandle } from '@jamnet/sql';

/** Rows one by one, integers as bigint; `Row` is what the statement selects. */
export function* rowsOf<Row>(database: SqliteHandle, sql: string): Generator<Row> {
  const statement = database.sqlite.prepare(sql);
  statement.setReadBigInts(true);
  // The statement beside each call names the columns that its row type has.
  for (const row of statement.iterate()) yield row as Row;
}
