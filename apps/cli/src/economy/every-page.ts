import { ok, type Result, refuse } from '@jamnet/base';
import { PAGE_ROWS_MAX, type Page } from '@jamnet/studio/api';

/** A list of the studio to its end, page by page; refused where a page leads back to itself. */
export async function everyPage<T>(
  ask: (page: { after: string | null; limit: number }) => Promise<Result<Page<T>>>,
): Promise<Result<T[]>> {
  const rows: T[] = [];
  let after: string | null = null;
  do {
    const page: Result<Page<T>> = await ask({ after, limit: PAGE_ROWS_MAX });
    if (!page.ok) return page;
    if (page.value.next !== null && page.value.next === after) return ENDLESS;
    rows.push(...page.value.rows);
    after = page.value.next;
  } while (after !== null);
  return ok(rows);
}

const ENDLESS = refuse(
  'list-endless',
  'The studio gave the same place in the list twice: ask again, and look whether it runs the same version as this command.',
);

/** A page's query. */
export function pageQuery({ after, limit }: { after: string | null; limit: number }): string {
  return new URLSearchParams({ limit: `${limit}`, ...(after === null ? {} : { after }) }).toString();
}
