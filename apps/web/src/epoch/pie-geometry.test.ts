import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ringPath, slicesOf } from './pie-geometry.ts';

describe('slices of the pie', () => {
  it('follow each other and close the circle', () => {
    expect(slicesOf([1n, 1n, 2n])).toEqual([
      { from: 0, to: 0.25 },
      { from: 0.25, to: 0.5 },
      { from: 0.5, to: 1 },
    ]);
  });

  it('are empty when nothing was divided', () => {
    expect(slicesOf([0n, 0n])).toEqual([
      { from: 0, to: 0 },
      { from: 0, to: 0 },
    ]);
  });

  it('meet without gap or overlap whatever the amounts', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(-5n, 10n ** 24n), { minLength: 1, maxLength: 8 }), (parts) => {
        const slices = slicesOf(parts);
        slices.forEach((slice, index) => {
          expect(slice.from).toBe(index === 0 ? 0 : slices[index - 1]?.to);
          expect(slice.to).toBeGreaterThanOrEqual(slice.from);
        });
        expect(slices.at(-1)?.to).toBe(parts.some((part) => part > 0n) ? 1 : 0);
      }),
    );
  });

  it('are drawn from twelve o’clock', () => {
    expect(ringPath({ from: 0, to: 0.25 }, 10, 5)).toBe(
      'M0.00 -10.00A10 10 0 0 1 10.00 0.00L5.00 0.00A5 5 0 0 0 0.00 -5.00Z',
    );
  });

  it('draw a whole turn as two arcs', () => {
    expect(ringPath({ from: 0, to: 1 }, 10, 5).match(/M/g)).toHaveLength(2);
  });
});
