import { type Grid, nearestSixteenth, sixteenthLengthUs } from './grid.ts';
import { cellOf, STEPS_PER_BAR } from './instruments.ts';
import { clamp, divideRounding } from './integers.ts';

/** One drum stroke in time. */
export interface Onset {
  /** Integer µs on the recording's clock. */
  readonly timeUs: number;
  /** Index into INSTRUMENTS. */
  readonly instrument: number;
  /** 1..127. */
  readonly velocity: number;
}

/** One stroke on the grid: the sixteenth it belongs to and how far from it it sounded. */
export interface Hit {
  /** Counted from bar 0; bar = ⌊sixteenth / 16⌋. */
  readonly sixteenth: number;
  readonly instrument: number;
  /** Integer µs within ± half a sixteenth, late is positive. */
  readonly offsetUs: number;
  /** 1..127. */
  readonly velocity: number;
}

/** A stroke within its bar. */
export interface BarHit {
  /** instrument · 16 + step, 0..143. */
  readonly cell: number;
  readonly offsetUs: number;
  readonly velocity: number;
}

/** One bar of one performance: at most one hit for each of 144 cells, ordered by step, then instrument. */
export interface Bar {
  readonly index: number;
  readonly hits: readonly BarHit[];
}

/** Longest performance that bars are made of: two hours at 240 beats a minute. */
export const BARS_MAX = 7200;

/** The offset as it is forecast and scored: 0.1 ms, nearest, halves up. */
export function offsetTenthMs(hit: { readonly offsetUs: number }): number {
  return divideRounding(hit.offsetUs, 100);
}

/**
 * Onsets on a grid: nearest sixteenth, loudest stroke per cell (the earlier one of equals), offsets clipped to half a
 * sixteenth. Onsets before bar 0 or after bar {@link BARS_MAX} fall away. Bars 0 to the last one with a hit, or `barCount`.
 */
export function barsOf(onsets: readonly Onset[], grid: Grid, barCount?: number): Bar[] {
  const hits = onsets.map((onset): Hit => {
    const { sixteenth, offsetUs } = nearestSixteenth(grid, onset.timeUs);
    const half = sixteenthLengthUs(grid, sixteenth) >> 1;
    return {
      sixteenth,
      instrument: onset.instrument,
      offsetUs: clamp(offsetUs, -half, half),
      velocity: clamp(Math.round(onset.velocity), 1, 127),
    };
  });
  return barsOfHits(loudestPerCell(hits), barCount);
}

/** Of several strokes of one instrument on one sixteenth the loudest stays; ordered by sixteenth, then instrument. */
export function loudestPerCell(hits: readonly Hit[]): Hit[] {
  const kept = new Map<number, Hit>();
  for (const hit of hits) {
    const key = hit.sixteenth * STEPS_PER_BAR + hit.instrument;
    const louder = kept.get(key);
    if (!louder || louder.velocity < hit.velocity) kept.set(key, hit);
  }
  return [...kept.values()].sort((a, b) => a.sixteenth - b.sixteenth || a.instrument - b.instrument);
}

/** Hits, ordered by sixteenth and instrument, in bars; bars without a hit stand empty. */
export function barsOfHits(hits: readonly Hit[], barCount?: number): Bar[] {
  const last = hits.reduce((most, hit) => Math.max(most, barOfSixteenth(hit.sixteenth)), -1);
  const count = Math.min(barCount ?? last + 1, BARS_MAX);
  const bars = Array.from({ length: count }, (_, index) => ({ index, hits: [] as BarHit[] }));
  for (const { sixteenth, instrument, offsetUs, velocity } of hits) {
    const step = sixteenth - barOfSixteenth(sixteenth) * STEPS_PER_BAR;
    bars[barOfSixteenth(sixteenth)]?.hits.push({ cell: cellOf(instrument, step), offsetUs, velocity });
  }
  return bars;
}

export function barOfSixteenth(sixteenth: number): number {
  return Math.floor(sixteenth / STEPS_PER_BAR);
}

/** The cells a bar hits, ascending: what the task *announced score* tells its hosts beforehand. */
export function cellsOf(bar: Bar): number[] {
  return bar.hits.map((hit) => hit.cell).sort((a, b) => a - b);
}
