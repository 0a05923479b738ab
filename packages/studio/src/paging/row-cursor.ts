import { ok, type Result, refuse } from '@jamnet/base';
import type { RowPlace, RowsAfter } from '@jamnet/economy';
import type { PageRequest } from './page.ts';

/** Where a page ended of a list that has the newest first: moment and id of its last row. */
export function rowCursor({ atUs, id }: RowPlace): string {
  return `${atUs}.${id}`;
}

/** The rows of a page and one more, which tells whether there is another. */
export function rowsAfter({ after, limit }: PageRequest): Result<RowsAfter, 'cursor-malformed'> {
  if (after === null) return ok({ after, limit: limit + 1 });
  const [, atUs, id] = /^(\d{1,18})\.(.{1,256})$/s.exec(after) ?? [];
  return atUs === undefined || id === undefined
    ? refuse('cursor-malformed', `“${after.slice(0, 40)}” is not where a page ended: give back its “next”.`)
    : ok({ after: { atUs: BigInt(atUs), id }, limit: limit + 1 });
}
