import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsOfPeaks,
  fateOfColumns,
  GAP_PIXELS_MIN,
  gapStretch,
  loudest,
  loupeFocus,
  loupeWindow,
} from './waveform-geometry.ts';

const gap = (fromSeconds: number, toSeconds: number) => ({ fromSeconds, toSeconds, fate: 'lost' as const });

describe('gaps in the drawing', () => {
  it('lie where they are in time', () => {
    expect(gapStretch(gap(2, 3), 0, 10, 100)).toEqual({ x: 20, width: 10 });
  });

  it('are seen however short, also at the right edge', () => {
    expect(gapStretch(gap(5, 5.001), 0, 60, 600)?.width).toBe(GAP_PIXELS_MIN);
    expect(gapStretch(gap(59.999, 60), 0, 60, 600)).toEqual({ x: 598, width: 2 });
  });

  it('outside the window are not drawn', () => {
    expect(gapStretch(gap(0, 1), 1, 2, 100)).toBeNull();
    expect(gapStretch(gap(2, 3), 1, 2, 100)).toBeNull();
  });

  it('never leave the drawing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 60, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (at, length) => {
          const stretch = gapStretch(gap(at, at + length), 10, 50, 300);
          if (stretch === null) return;
          expect(stretch.x).toBeGreaterThanOrEqual(0);
          expect(stretch.x + stretch.width).toBeLessThanOrEqual(300 + 1e-9);
        },
      ),
    );
  });
});

describe('columns of peaks', () => {
  it('keep the extremes when several buckets fall into one column', () => {
    expect([...columnsOfPeaks([-0.5, 0.25, -0.125, 0.75], 1)]).toEqual([-0.5, 0.75]);
  });

  it('repeat buckets when there are fewer than columns', () => {
    expect([...columnsOfPeaks([-0.5, 0.5], 3)]).toEqual([-0.5, 0.5, -0.5, 0.5, -0.5, 0.5]);
  });

  it('are flat when there are no peaks', () => {
    expect([...columnsOfPeaks([], 2)]).toEqual([0, 0, 0, 0]);
  });

  it('lose no extreme at any width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 90 }),
        (heights, width) => {
          const peaks = heights.flatMap((height) => [-height / 128, height / 128]);
          expect(loudest(columnsOfPeaks(peaks, width), 0)).toBe(loudest(peaks, 0));
        },
      ),
    );
  });
});

describe('columns of gaps', () => {
  it('carry the fate of the gap they lie in, and nothing where the sound is whole', () => {
    const fates = fateOfColumns(
      [gap(1, 3), { ...gap(4, 6), fate: 'recovered' }, { ...gap(8, 10), fate: 'late' }],
      10,
      10,
    );
    expect(fates).toEqual([null, 'lost', 'lost', null, null, null, null, null, 'late', 'late']);
  });
});

describe('the close-up window', () => {
  it('shows a short gap in its middle, of a long one the beginning', () => {
    expect(loupeFocus(gap(1, 1.01), 9)).toEqual({ centre: expect.closeTo(1.005, 9), spanSeconds: 0.06 });
    expect(loupeFocus(gap(1, 1.04), 9).spanSeconds).toBeCloseTo(0.12, 9);
    expect(loupeFocus(gap(1, 3), 9)).toEqual({ centre: 1.0375, spanSeconds: 0.15 });
    expect(loupeFocus(null, 9)).toEqual({ centre: 9, spanSeconds: 0.06 });
  });

  it('is centred, and stays inside the take', () => {
    expect(loupeWindow(5, 1, 10)).toEqual({ from: 4.5, to: 5.5 });
    expect(loupeWindow(0, 1, 10)).toEqual({ from: 0, to: 1 });
    expect(loupeWindow(10, 1, 10)).toEqual({ from: 9, to: 10 });
    expect(loupeWindow(0.1, 1, 0.3)).toEqual({ from: 0, to: 0.3 });
  });
});
