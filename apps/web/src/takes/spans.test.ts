import { describe, expect, it } from 'vitest';
import type { Span } from '../api/state.ts';
import {
  audibleGaps,
  countFates,
  gapAt,
  gapsOf,
  jumpFrom,
  LEAD_SECONDS,
  loopAround,
  nextGap,
  previousGap,
} from './spans.ts';

const SPANS: readonly Span[] = [
  { atSample: 96_000, frames: 480, fate: 'concealed' },
  { atSample: 48_000, frames: 480, fate: 'recovered' },
  { atSample: 240_000, frames: 960, fate: 'lost' },
];
const GAPS = gapsOf(SPANS, 48_000);

describe('gaps of a take', () => {
  it('are in seconds and in time order', () => {
    expect(GAPS.map((gap) => [gap.fromSeconds, gap.fate])).toEqual([
      [1, 'recovered'],
      [2, 'concealed'],
      [5, 'lost'],
    ]);
    expect(GAPS[2]?.toSeconds).toBeCloseTo(5.02, 9);
  });

  it('that can be heard leave out what came back exactly, unless nothing else is there', () => {
    expect(audibleGaps(GAPS).map((gap) => gap.fate)).toEqual(['concealed', 'lost']);
    expect(audibleGaps(GAPS.slice(0, 1))).toHaveLength(1);
  });

  it('are counted by fate', () => {
    expect(countFates(SPANS).get('lost')).toBe(1);
    expect(countFates(SPANS).get('late')).toBeUndefined();
  });

  it('are walked through forwards, one jump each, and round again', () => {
    let at = 0;
    const visited: number[] = [];
    for (let jump = 0; jump < 4; jump++) {
      const index = nextGap(GAPS, at) ?? -1;
      visited.push(index);
      at = (GAPS[index]?.fromSeconds ?? 0) - LEAD_SECONDS;
    }
    expect(visited).toEqual([0, 1, 2, 0]);
  });

  it('are walked through backwards the same way', () => {
    let at = 10;
    const visited: number[] = [];
    for (let jump = 0; jump < 4; jump++) {
      const index = previousGap(GAPS, at) ?? -1;
      visited.push(index);
      at = (GAPS[index]?.fromSeconds ?? 0) - LEAD_SECONDS;
    }
    expect(visited).toEqual([2, 1, 0, 2]);
  });

  it('give no jump where there are none', () => {
    expect(nextGap([], 0)).toBeNull();
    expect(previousGap([], 0)).toBeNull();
  });

  it('count a jump from the gap just jumped to, until the music has run on past it', () => {
    const gap = GAPS[1] ?? null;
    expect(nextGap(GAPS, jumpFrom(gap, 1.5, false))).toBe(2);
    expect(previousGap(GAPS, jumpFrom(gap, 1.5, false))).toBe(0);
    expect(nextGap(GAPS, jumpFrom(gap, 10, false))).toBe(0);
    expect(previousGap(GAPS, jumpFrom(gap, 10, false))).toBe(2);
    expect(nextGap(GAPS, jumpFrom(gap, 10, true))).toBe(2);
    expect(nextGap(GAPS, jumpFrom(null, 0, false))).toBe(0);
    expect(nextGap(GAPS, jumpFrom(null, 1.9, false))).toBe(1);
  });

  it('are half-open: the first sample after one is outside it', () => {
    expect(gapAt(GAPS, 2)?.fate).toBe('concealed');
    expect(gapAt(GAPS, 2.01)).toBeNull();
    expect(gapAt(GAPS, 1.999)).toBeNull();
  });

  it('loop inside the take', () => {
    const [first] = GAPS;
    expect(first && loopAround({ ...first, fromSeconds: 0.1, toSeconds: 0.11 }, 0.3)).toEqual({
      from: 0,
      to: 0.3,
    });
  });
});
