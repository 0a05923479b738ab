import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareUnchanged } from './share-unchanged.ts';

describe('sharing what did not change', () => {
  it('gives back the old object when all of it is equal', () => {
    const before = { a: [1, { b: 'x' }], c: null };
    expect(shareUnchanged(before, structuredClone(before))).toBe(before);
  });

  it('shares the equal elements of a list that grew', () => {
    const before = [{ id: 1 }, { id: 2 }];
    const after = shareUnchanged(before, [{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(after[1]).toBe(before[1]);
    expect(after).toHaveLength(3);
  });

  it('notices a field that went', () => {
    expect(shareUnchanged({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  });

  it('never changes what the new value says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        expect(shareUnchanged(before, structuredClone(after))).toEqual(after);
      }),
    );
  });
});
