import { type TSchema, Type } from 'typebox';
import { PAGE_ROWS_MAX } from '../../paging/page.ts';
import { orNull } from './shapes.ts';

/** Rows of a page where nobody says how many. */
const PAGE_ROWS_UNASKED = 50;
/** Whatever a `next` holds is shorter: a moment and the id of an order are the longest. */
const CURSOR_LENGTH_MAX = 320;

/** How every list is asked for: `after` is the `next` of the page before. */
export const pageQuery = {
  after: Type.Optional(Type.String({ minLength: 1, maxLength: CURSOR_LENGTH_MAX })),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_ROWS_MAX, default: PAGE_ROWS_UNASKED }),
};
export const PageQuery = Type.Object(pageQuery);

/** Where the next page begins; null after the last. */
export const Next = orNull(Type.String());

/** One page of a list, its rows under the list's name. */
export function pageOf<const Name extends string, Row extends TSchema>(name: Name, row: Row) {
  // One key, which is the name.
  const rows = { [name]: Type.Array(row) } as Record<Name, ReturnType<typeof Type.Array<Row>>>;
  return Type.Object({ ...rows, next: Next });
}
