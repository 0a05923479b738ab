import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_ENTRIES, pageCount, pageOf, pageRange } from './entry-pages.ts';

describe('pages of the books', () => {
  it('begin at the newest entries', () => {
    expect(pageRange(100, 0)).toEqual({ from: 100 - PAGE_ENTRIES, limit: PAGE_ENTRIES });
  });

  it('of an empty log are one empty page', () => {
    expect(pageCount(0)).toBe(1);
    expect(pageRange(0, 0)).toEqual({ from: 0, limit: 0 });
  });

  it('hold every entry exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (size) => {
        const seen: number[] = [];
        for (let page = 0; page < pageCount(size); page++) {
          const { from, limit } = pageRange(size, page);
          for (let index = from + limit - 1; index >= from; index--) seen.push(index);
        }
        expect(seen).toEqual(Array.from({ length: size }, (_, index) => size - 1 - index));
      }),
    );
  });

  it('beyond the oldest are the oldest', () => {
    expect(pageRange(30, 99)).toEqual(pageRange(30, pageCount(30) - 1));
    expect(pageRange(30, -1)).toEqual(pageRange(30, 0));
  });

  it('the page of an entry is the one that shows it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(499), (size, at) => {
        const index = at % size;
        const { from, limit } = pageRange(size, pageOf(size, index));
        expect(index >= from && index < from + limit).toBe(true);
      }),
    );
  });
});
