import { describe, expect, it } from 'vitest';
import { scalePercent } from './delay-scale.ts';

describe('the delay scale', () => {
  it.each([
    [-3, 0],
    [0, 0],
    [10, 20],
    [25, 50],
    [50, 80],
    [100, 100],
    [4000, 100],
  ])('puts %d ms at %d percent', (delayMs, percent) => {
    expect(scalePercent(delayMs)).toBeCloseTo(percent, 9);
  });

  it('never falls as the delay grows', () => {
    for (let ms = 0; ms < 120; ms++) expect(scalePercent(ms + 1)).toBeGreaterThanOrEqual(scalePercent(ms));
  });
});
