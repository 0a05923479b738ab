import { type RawBuilder, sql } from 'kysely';

type Engine = 'sqlite' | 'postgres';

/** A list as one value to bind, in the form of its engine. */
export type BoundList = string | readonly string[];

export function boundList(engine: Engine, items: readonly string[]): BoundList {
  return engine === 'sqlite' ? JSON.stringify(items) : items;
}

/** `column IN (items)` with one text for any number of items, so that it stays prepared. */
export function among(engine: Engine, column: string, items: BoundList): RawBuilder<boolean> {
  return engine === 'sqlite'
    ? sql<boolean>`${sql.ref(column)} IN (SELECT value FROM json_each(${items}))`
    : sql<boolean>`${sql.ref(column)} = ANY(${items})`;
}
