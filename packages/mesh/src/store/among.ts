import { type RawBuilder, sql } from 'kysely';

/** `column IN (ids)` with one text for any number of ids, so that it stays prepared. */
export function among(
  engine: 'sqlite' | 'postgres',
  column: string,
  ids: readonly string[],
): RawBuilder<boolean> {
  return engine === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`
    : sql<boolean>`${sql.ref(column)} = ANY(${ids})`;
}
