import { ok } from '@jamnet/base';
import { PAGE_ROWS_MAX, type Page } from '@jamnet/studio/api';
import type { Answer } from './endpoints.ts';

/** Rows of a list that is shown whole; of a longer one that many. */
export const ROWS_SHOWN_MAX = 5_000;

/** How each page is asked for. */
export interface AskedPage {
  readonly after: string | undefined;
  readonly limit: number;
}

/** A list to its end, page by page, for what is shown whole. A page that leads back to itself ends it. */
export async function allPages<T>(ask: (page: AskedPage) => Answer<Page<T>>): Answer<readonly T[]> {
  const rows: T[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await ask({ after, limit: PAGE_ROWS_MAX });
    if (!page.ok) return page;
    rows.push(...page.value.rows);
    const { next } = page.value;
    if (next === null || next === after || rows.length >= ROWS_SHOWN_MAX)
      return ok(rows.slice(0, ROWS_SHOWN_MAX));
    after = next;
  }
}
