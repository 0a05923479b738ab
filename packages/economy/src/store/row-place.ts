import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** A row's place in a list that has the newest first and, of one moment, goes by id. */
export interface RowPlace {
  readonly atUs: bigint;
  readonly id: string;
}

/** Part of such a list. */
export interface RowsAfter {
  /** Null for its beginning. */
  readonly after: RowPlace | null;
  readonly limit: number;
}

/** Rows behind a place, by the column that holds their moment. */
export function isBehind(momentColumn: string, { atUs, id }: RowPlace): RawBuilder<SqlBool> {
  const moment = sql.ref(momentColumn);
  return sql<SqlBool>`(${moment} < ${atUs} OR (${moment} = ${atUs} AND ${sql.ref('id')} > ${id}))`;
}
