import { ok, present, type Result, refuse } from '@jamnet/base';
import { STEPS_PER_BAR } from './instruments.ts';
import { divideRounding } from './integers.ts';

/** From quarter note `beat` on (an integer ≥ 0, counted from bar 0), one quarter note lasts `usPerBeat` µs. */
export interface TempoChange {
  readonly beat: number;
  readonly usPerBeat: number;
}

/** What a piece says about its time; as in `samples/piece.json`. 4/4 only. */
export interface GridDescription {
  readonly tempoMap: readonly TempoChange[];
  /** Time of the bar line of bar 0 on the recording's clock, µs. */
  readonly firstBarOffsetUs: number;
  readonly timeSignature?: { readonly beatsPerBar: number; readonly beatUnit: number };
}

/** Sixteenths in time: all values integers, µs on the recording's clock. Made by {@link gridOf}. */
export interface Grid {
  readonly segments: readonly GridSegment[];
}

interface GridSegment {
  readonly firstSixteenth: number;
  readonly startUs: number;
  readonly usPerBeat: number;
}

export type GridCode = 'tempo-map' | 'first-bar' | 'meter';

/** Tempo changes a grid may hold: one a bar for two hours at 240 beats a minute. */
export const TEMPO_CHANGES_MAX = 7200;
/** 6 to 600 beats a minute. */
const US_PER_BEAT_MIN = 100_000;
const US_PER_BEAT_MAX = 10_000_000;

export function gridOf(description: GridDescription): Result<Grid, GridCode> {
  const { tempoMap, firstBarOffsetUs, timeSignature } = description;
  if (timeSignature && (timeSignature.beatsPerBar !== 4 || timeSignature.beatUnit !== 4))
    return refuse('meter', 'Only 4/4 is supported: cut the piece into its 4/4 parts.');
  if (!Number.isSafeInteger(firstBarOffsetUs))
    return refuse('first-bar', 'firstBarOffsetUs must be an integer number of microseconds.');
  if (!isTempoMap(tempoMap))
    return refuse(
      'tempo-map',
      `The tempo map needs 1 to ${TEMPO_CHANGES_MAX} entries, the first at beat 0, integer beats rising, usPerBeat an integer from ${US_PER_BEAT_MIN} to ${US_PER_BEAT_MAX}.`,
    );
  const segments: GridSegment[] = [];
  let startUs = firstBarOffsetUs;
  tempoMap.forEach(({ beat, usPerBeat }, index) => {
    const previous = tempoMap[index - 1];
    if (previous) startUs += (beat - previous.beat) * previous.usPerBeat;
    segments.push({ firstSixteenth: beat * 4, startUs, usPerBeat });
  });
  return ok({ segments });
}

function isTempoMap(map: readonly TempoChange[]): boolean {
  if (map.length < 1 || map.length > TEMPO_CHANGES_MAX || map[0]?.beat !== 0) return false;
  return map.every(({ beat, usPerBeat }, index) => {
    const rising = index === 0 || beat > (map[index - 1]?.beat ?? 0);
    const inRange = usPerBeat >= US_PER_BEAT_MIN && usPerBeat <= US_PER_BEAT_MAX;
    return Number.isSafeInteger(beat) && Number.isInteger(usPerBeat) && rising && inRange;
  });
}

/** Time of a sixteenth, counted from bar 0 (may be negative), to the nearest µs. */
export function sixteenthUs(grid: Grid, sixteenth: number): number {
  const segment = lastWhere(grid, (candidate) => candidate.firstSixteenth <= sixteenth);
  return segment.startUs + divideRounding((sixteenth - segment.firstSixteenth) * segment.usPerBeat, 4);
}

export function barLineUs(grid: Grid, bar: number): number {
  return sixteenthUs(grid, bar * STEPS_PER_BAR);
}

/** Length of the sixteenth that starts at `sixteenth`, µs. */
export function sixteenthLengthUs(grid: Grid, sixteenth: number): number {
  return sixteenthUs(grid, sixteenth + 1) - sixteenthUs(grid, sixteenth);
}

/** Last moment at which a commitment to `bar` counts: half a sixteenth before its bar line. */
export function commitDeadlineUs(grid: Grid, bar: number): number {
  const line = bar * STEPS_PER_BAR;
  return sixteenthUs(grid, line) - (sixteenthLengthUs(grid, line - 1) >> 1);
}

/** The nearest sixteenth to a moment, halves up, and the distance from it (µs, late is positive). */
export function nearestSixteenth(grid: Grid, timeUs: number): { sixteenth: number; offsetUs: number } {
  const segment = lastWhere(grid, (candidate) => candidate.startUs <= timeUs);
  const sixteenth =
    segment.firstSixteenth + divideRounding((timeUs - segment.startUs) * 4, segment.usPerBeat);
  return { sixteenth, offsetUs: timeUs - sixteenthUs(grid, sixteenth) };
}

/** The last segment that fits; the first one also stands for all time before it. */
function lastWhere(grid: Grid, fits: (segment: GridSegment) => boolean): GridSegment {
  let found = present(grid.segments[0], 'first tempo segment');
  for (const segment of grid.segments) {
    if (!fits(segment)) break;
    found = segment;
  }
  return found;
}
