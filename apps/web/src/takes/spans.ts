import type { Fate, Span } from '../api/state.ts';

/** In the order the lanes are drawn: from harmless to bad, then what was done about it. */
export const FATES: readonly Fate[] = ['recovered', 'concealed', 'late', 'lost', 'repaired'];

/** Half-open, in seconds of the take. */
export interface Gap {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly fate: Fate;
}

/** Spans as seconds, in time order. */
export function gapsOf(spans: readonly Span[], sampleRateHz: number): readonly Gap[] {
  return spans
    .map((span) => ({
      fromSeconds: span.atSample / sampleRateHz,
      toSeconds: (span.atSample + span.frames) / sampleRateHz,
      fate: span.fate,
    }))
    .sort((a, b) => a.fromSeconds - b.fromSeconds);
}

/** What can be heard: gaps that redundancy did not give back exactly. All of them when that leaves none. */
export function audibleGaps(gaps: readonly Gap[]): readonly Gap[] {
  const audible = gaps.filter((gap) => gap.fate !== 'recovered');
  return audible.length > 0 ? audible : gaps;
}

/** How many spans met each fate. */
export function countFates(spans: readonly Span[]): ReadonlyMap<Fate, number> {
  const counts = new Map<Fate, number>();
  for (const span of spans) counts.set(span.fate, (counts.get(span.fate) ?? 0) + 1);
  return counts;
}

/** A jump lands this much before its gap, so that the ear has something to compare with. */
export const LEAD_SECONDS = 0.5;

/** Index of the first gap after the one we stand at, wrapping round; `null` when there is none at all. */
export function nextGap(gaps: readonly Gap[], atSeconds: number): number | null {
  if (gaps.length === 0) return null;
  const index = gaps.findIndex((gap) => gap.fromSeconds > atSeconds + LEAD_SECONDS + EPSILON_SECONDS);
  return index === -1 ? 0 : index;
}

/** Index of the last gap before the one we stand at, wrapping round; `null` when there is none at all. */
export function previousGap(gaps: readonly Gap[], atSeconds: number): number | null {
  if (gaps.length === 0) return null;
  const index = gaps.findLastIndex((gap) => gap.fromSeconds < atSeconds + LEAD_SECONDS - EPSILON_SECONDS);
  return index === -1 ? gaps.length - 1 : index;
}

/** Half a sample at 48 kHz: a position that was set to a gap's lead counts as standing at that gap. */
const EPSILON_SECONDS = 0.5 / 48_000;

/**
 * Where a jump is counted from. Having just jumped to `gap`, or going round it, that is the gap; once the music has run
 * on past it, or without one, it is what sounds now.
 */
export function jumpFrom(gap: Gap | null, atSeconds: number, looping: boolean): number {
  if (gap !== null && (looping || atSeconds <= gap.toSeconds + LEAD_SECONDS))
    return gap.fromSeconds - LEAD_SECONDS;
  return atSeconds - LEAD_SECONDS;
}

/** The gap that sounds at `atSeconds`, or `null`. */
export function gapAt(gaps: readonly Gap[], atSeconds: number): Gap | null {
  return gaps.find((gap) => gap.fromSeconds <= atSeconds && atSeconds < gap.toSeconds) ?? null;
}

/** What to play round and round to hear one gap: it, with the lead before and as much after, inside the take. */
export function loopAround(
  gap: Gap,
  durationSeconds: number,
): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(0, gap.fromSeconds - LEAD_SECONDS),
    to: Math.min(durationSeconds, gap.toSeconds + LEAD_SECONDS),
  };
}
