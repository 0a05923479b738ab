import type { Result } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Page } from './page.ts';
import { pageOfList } from './page-of-list.ts';

test('pages in their order are the list, whole and each row once, whatever the size of a page', () => {
  const lists = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 30 });
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 9 }), (rows, limit) => {
      const seen: string[] = [];
      let after: string | null = null;
      let pages = 0;
      do {
        const page: Result<Page<string>> = pageOfList(rows, { after, limit }, (row) => row);
        if (!page.ok) throw new Error(page.message);
        expect(page.value.rows.length).toBeLessThanOrEqual(limit);
        seen.push(...page.value.rows);
        after = page.value.next;
        pages++;
        // A page that leads back would be asked for without end.
        expect(pages).toBeLessThanOrEqual(rows.length + 1);
      } while (after !== null);
      expect(seen).toEqual(rows);
      // No page is empty but that of an empty list.
      expect(pages).toBe(Math.max(1, Math.ceil(rows.length / limit)));
    }),
  );
});

test('a page goes on behind its last row also where that one is no longer shown', () => {
  const shown = new Set(['a', 'c', 'd']);
  const page = (after: string | null) =>
    pageOfList(
      ['a', 'b', 'c', 'd'],
      { after, limit: 1 },
      (row) => row,
      (row) => shown.has(row),
    );
  expect(page(null)).toMatchObject({ value: { rows: ['a'], next: 'a' } });
  shown.delete('a');
  expect(page('a')).toMatchObject({ value: { rows: ['c'], next: 'c' } });
});

test('a place that is none of the list is refused by name', () => {
  expect(pageOfList(['a'], { after: 'b', limit: 5 }, (row) => row)).toMatchObject({
    ok: false,
    code: 'cursor-malformed',
  });
});
