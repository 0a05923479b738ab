import { ok, type Result } from '@jamnet/base';

/** Rows asked for at once: the most that the studio gives. */
const PAGE_ROWS = 200;

/** One page of a list and where the next begins. */
interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** A list of the studio to its end, page by page. */
export async function everyPage<T>(
  ask: (page: { after: string | null; limit: number }) => Promise<Result<Page<T>>>,
): Promise<Result<T[]>> {
  const rows: T[] = [];
  let after: string | null = null;
  do {
    const page: Result<Page<T>> = await ask({ after, limit: PAGE_ROWS });
    if (!page.ok) return page;
    rows.push(...page.value.rows);
    after = page.value.next;
  } while (after !== null);
  return ok(rows);
}

/** A page's query. */
export function pageQuery({ after, limit }: { after: string | null; limit: number }): string {
  return new URLSearchParams({ limit: `${limit}`, ...(after === null ? {} : { after }) }).toString();
}
