import { ok, type Result, refuse } from '@jamnet/base';
import { type Page, type PageRequest, pageOf } from './page.ts';

/**
 * One page of a list that is known whole and short, in the order it has. `keyOf` tells rows apart and is where a page ends; a list
 * that lost that row since is read from its beginning again. `isShown` may have changed its mind about that row: its place counts.
 */
export function pageOfList<T>(
  rows: readonly T[],
  { after, limit }: PageRequest,
  keyOf: (row: T) => string,
  isShown: (row: T) => boolean = () => true,
): Result<Page<T>, 'cursor-malformed'> {
  const before = after === null ? -1 : rows.findIndex((row) => keyOf(row) === after);
  if (after !== null && before === -1) return ENDED_NOWHERE;
  const shown: T[] = [];
  for (let index = before + 1; index < rows.length && shown.length <= limit; index++) {
    const row = rows[index];
    if (row !== undefined && isShown(row)) shown.push(row);
  }
  return ok(pageOf(shown, limit, keyOf));
}

const ENDED_NOWHERE = refuse(
  'cursor-malformed',
  'This is not where a page ended, or that row is gone since: begin again without “after”.',
);
