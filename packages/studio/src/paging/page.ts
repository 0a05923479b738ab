/** Rows of one page at most, of any list. */
export const PAGE_ROWS_MAX = 200;

/** Which part of a list is asked for. */
export interface PageRequest {
  /** The `next` of the page before; `null` for the first. */
  readonly after: string | null;
  /** 1 to {@link PAGE_ROWS_MAX}. */
  readonly limit: number;
}

/** One page of a list, and where the next begins: give it back as `after`. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** `rows` were read one beyond the page, to know whether there is another. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
