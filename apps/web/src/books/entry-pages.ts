/** Entries on one page of the books. */
export const PAGE_ENTRIES = 8;

/** Entries `[from, from + limit)` of the log. */
export interface PageRange {
  readonly from: number;
  readonly limit: number;
}

/** Page number `page` counted from the newest entry, of a log of `size`; beyond the oldest it is the oldest page. */
export function pageRange(size: number, page: number): PageRange {
  const end = Math.max(0, size - Math.max(0, Math.min(page, pageCount(size) - 1)) * PAGE_ENTRIES);
  const from = Math.max(0, end - PAGE_ENTRIES);
  return { from, limit: end - from };
}

/** At least one, which is empty for an empty log. */
export function pageCount(size: number): number {
  return Math.max(1, Math.ceil(size / PAGE_ENTRIES));
}

/** The page, counted from the newest entry, that has the entry `index` of a log of `size`. */
export function pageOf(size: number, index: number): number {
  return Math.floor((size - 1 - index) / PAGE_ENTRIES);
}
