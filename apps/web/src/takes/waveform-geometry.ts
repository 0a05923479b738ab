import type { Fate } from '../api/state.ts';
import type { Gap } from './spans.ts';

/** A horizontal stretch of a drawing, in its pixels. */
export interface Stretch {
  readonly x: number;
  readonly width: number;
}

/** A gap of 2 ms in a take of a minute is a thirtieth of a pixel: it is drawn at least this wide, so that it is seen. */
export const GAP_PIXELS_MIN = 2;

/** Where a gap lies in a drawing of `[fromSeconds, toSeconds)` that is `width` wide; `null` when outside. */
export function gapStretch(gap: Gap, fromSeconds: number, toSeconds: number, width: number): Stretch | null {
  if (gap.toSeconds <= fromSeconds || gap.fromSeconds >= toSeconds) return null;
  const scale = width / (toSeconds - fromSeconds);
  const left = Math.max(0, (gap.fromSeconds - fromSeconds) * scale);
  const right = Math.min(width, (gap.toSeconds - fromSeconds) * scale);
  const wide = Math.max(GAP_PIXELS_MIN, right - left);
  return { x: Math.min(left, width - wide), width: wide };
}

/** Least and greatest sample of each column, from (min, max) pairs of `peaks`, written to `columns` as pairs. */
export function columnsOfPeaks(peaks: readonly number[], width: number): Float32Array {
  const buckets = Math.floor(peaks.length / 2);
  const columns = new Float32Array(2 * width);
  for (let x = 0; x < width && buckets > 0; x++) {
    const first = Math.min(buckets - 1, Math.floor((x * buckets) / width));
    const last = Math.max(first, Math.ceil(((x + 1) * buckets) / width) - 1);
    let low = 1;
    let high = -1;
    for (let bucket = first; bucket <= last && bucket < buckets; bucket++) {
      low = Math.min(low, peaks[2 * bucket] ?? 0);
      high = Math.max(high, peaks[2 * bucket + 1] ?? 0);
    }
    columns[2 * x] = low;
    columns[2 * x + 1] = high;
  }
  return columns;
}

/** For each pixel column the fate of the gap it lies in, `null` outside. What came back exactly counts as whole. */
export function fateOfColumns(
  gaps: readonly Gap[],
  seconds: number,
  width: number,
): readonly (Fate | null)[] {
  const fates: (Fate | null)[] = Array.from({ length: width }, () => null);
  for (const gap of gaps) {
    const stretch = gap.fate === 'recovered' ? null : gapStretch(gap, 0, seconds, width);
    if (stretch === null) continue;
    const end = Math.min(width, Math.ceil(stretch.x + stretch.width));
    for (let x = Math.max(0, Math.floor(stretch.x)); x < end; x++) fates[x] = gap.fate;
  }
  return fates;
}

/** Greatest magnitude among (min, max) pairs, at least `floor`: quiet takes are drawn larger, silence is not. */
export function loudest(peaks: ArrayLike<number>, floor = 0.05): number {
  let greatest = floor;
  for (let i = 0; i < peaks.length; i++) greatest = Math.max(greatest, Math.abs(peaks[i] ?? 0));
  return greatest;
}

/** A few periods of a low string; and as much as still shows single waves. */
const LOUPE_SECONDS_MIN = 0.06;
const LOUPE_SECONDS_MAX = 0.15;

/** What the close-up looks at: a gap with as much on either side, a long gap's beginning, or just a place. */
export function loupeFocus(gap: Gap | null, atSeconds: number): { centre: number; spanSeconds: number } {
  if (gap === null) return { centre: atSeconds, spanSeconds: LOUPE_SECONDS_MIN };
  const length = gap.toSeconds - gap.fromSeconds;
  const spanSeconds = Math.min(LOUPE_SECONDS_MAX, Math.max(LOUPE_SECONDS_MIN, 3 * length));
  return { centre: gap.fromSeconds + Math.min(length / 2, spanSeconds / 4), spanSeconds };
}

/** The close-up's window of `spanSeconds` around `atSeconds`, moved inside the take. */
export function loupeWindow(
  atSeconds: number,
  spanSeconds: number,
  durationSeconds: number,
): { from: number; to: number } {
  const from = Math.max(0, Math.min(atSeconds - spanSeconds / 2, durationSeconds - spanSeconds));
  return { from, to: Math.min(durationSeconds, from + spanSeconds) };
}
