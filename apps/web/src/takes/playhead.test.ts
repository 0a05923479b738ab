import { describe, expect, it } from 'vitest';
import { playheadAt } from './playhead.ts';

const START = { offsetSeconds: 2, startedAt: 100 };

describe('the playhead', () => {
  it('moves with the audio clock from where playing began', () => {
    expect(playheadAt(START, 101.5, null, 60)).toBe(3.5);
  });

  it('does not run backwards when the start lies a little ahead', () => {
    expect(playheadAt(START, 99.99, null, 60)).toBe(2);
  });

  it('stops at the end of the take', () => {
    expect(playheadAt(START, 200, null, 60)).toBe(60);
  });

  it('goes round inside a loop, entering it from before', () => {
    const loop = { from: 3, to: 4 };
    expect(playheadAt(START, 101.5, loop, 60)).toBe(3.5);
    expect(playheadAt(START, 102.25, loop, 60)).toBeCloseTo(3.25, 9);
    expect(playheadAt(START, 112.25, loop, 60)).toBeCloseTo(3.25, 9);
  });

  it('ignores a loop of no length', () => {
    expect(playheadAt(START, 105, { from: 3, to: 3 }, 60)).toBe(7);
  });
});
