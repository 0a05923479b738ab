import { assert, ok, type Result, refuse } from '@jamnet/base';
import { type BarHit, barsOfHits, type Hit } from '../bars.ts';
import { CELLS, INSTRUMENTS, instrumentOfCell } from '../instruments.ts';
import { clamp, divideRounding } from '../integers.ts';
import { OFFSET_US_MAX } from '../performance/encode-bar.ts';

/** How one cell is played: means over all its strokes. */
export interface CellProfile {
  /** instrument · 16 + step, 0..143. */
  readonly cell: number;
  /** Strokes, at least 1. */
  readonly count: number;
  /** Mean distance from the grid, µs; late is positive. */
  readonly offsetUs: number;
  /** Mean absolute distance from that mean, µs. */
  readonly spreadUs: number;
  /** Mean, 1..127. */
  readonly velocity: number;
}

/** Push and pull of one performance, by instrument and step, with its dynamics. */
export interface GrooveProfile {
  readonly schema: 'jamnet/groove-profile/v1';
  /** Bars it was learnt from, the empty ones included. */
  readonly bars: number;
  /** Cells that were hit, ascending. */
  readonly cells: readonly CellProfile[];
}

/** How a stroke is to be played. */
export interface PlayedStroke {
  readonly offsetUs: number;
  /** 1..127. */
  readonly velocity: number;
}

/** What a profile is shrunk by: a cell's mean towards its instrument's by one stroke, that towards the whole by four, as in `house-1`. */
const CELL_SHRINKAGE = 1;
const INSTRUMENT_SHRINKAGE = 4;

/** The profile of a performance's strokes, in any order. */
export function profileOf(hits: readonly Hit[]): GrooveProfile {
  const bars = barsOfHits([...hits].sort((a, b) => a.sixteenth - b.sixteenth));
  const strokes = new Map<number, BarHit[]>();
  for (const hit of bars.flatMap((bar) => bar.hits)) {
    const known = strokes.get(hit.cell);
    if (known) known.push(hit);
    else strokes.set(hit.cell, [hit]);
  }
  const cells = [...strokes].map(([cell, hits]): CellProfile => {
    const mean = (of: (hit: PlayedStroke) => number): number =>
      divideRounding(
        hits.reduce((sum, hit) => sum + of(hit), 0),
        hits.length,
      );
    const offsetUs = mean((hit) => hit.offsetUs);
    const spreadUs = mean((hit) => Math.abs(hit.offsetUs - offsetUs));
    return { cell, count: hits.length, offsetUs, spreadUs, velocity: mean((hit) => hit.velocity) };
  });
  return {
    schema: 'jamnet/groove-profile/v1',
    bars: bars.length,
    cells: cells.sort((a, b) => a.cell - b.cell),
  };
}

/** How each of the 144 cells is to be played so that it sounds like the profile's player; cells he never hit as his instrument, or he, mostly is. */
export function strokesOf(profile: GrooveProfile): readonly PlayedStroke[] {
  assert(profile.cells.length > 0, 'a profile has strokes');
  const whole = pulled(profile.cells, { offsetUs: 0, velocity: 0 }, 0);
  const instruments = INSTRUMENTS.map((_, instrument) =>
    pulled(
      profile.cells.filter(({ cell }) => instrumentOfCell(cell) === instrument),
      whole,
      INSTRUMENT_SHRINKAGE,
    ),
  );
  return Array.from({ length: CELLS }, (_, cell) => {
    const own = profile.cells.filter((one) => one.cell === cell);
    const { offsetUs, velocity } = pulled(own, instruments[instrumentOfCell(cell)] ?? whole, CELL_SHRINKAGE);
    return { offsetUs, velocity: clamp(velocity, 1, 127) };
  });
}

/** The mean of all strokes of some cells, with `towards` counted as `weight` strokes more. */
function pulled(cells: readonly CellProfile[], towards: PlayedStroke, weight: number): PlayedStroke {
  const count = cells.reduce((sum, cell) => sum + cell.count, weight);
  const mean = (of: (stroke: PlayedStroke) => number): number =>
    divideRounding(
      cells.reduce((sum, cell) => sum + cell.count * of(cell), weight * of(towards)),
      count,
    );
  return { offsetUs: mean((stroke) => stroke.offsetUs), velocity: mean((stroke) => stroke.velocity) };
}

/** Reads a profile from parsed JSON. */
export function readProfile(value: unknown): Result<GrooveProfile, 'profile-malformed'> {
  const { schema, bars, cells } = (typeof value === 'object' && value !== null ? value : {}) as {
    [name in keyof GrooveProfile]?: unknown;
  };
  const isWhole =
    schema === 'jamnet/groove-profile/v1' &&
    isIn(bars, 1, 1e6) &&
    Array.isArray(cells) &&
    cells.length > 0 &&
    cells.length <= CELLS &&
    cells.every(isCell) &&
    cells.every((one, at) => at === 0 || one.cell > (cells[at - 1]?.cell ?? -1));
  // Each field was looked at.
  return isWhole ? ok(value as GrooveProfile) : MALFORMED;
}

const MALFORMED = refuse(
  'profile-malformed',
  'This is no groove profile: "jamnet groove profile --midi FILE --out FILE" writes one.',
);

function isCell(value: unknown): value is CellProfile {
  const cell = (value ?? {}) as { [name in keyof CellProfile]?: unknown };
  return (
    isIn(cell.cell, 0, CELLS - 1) &&
    isIn(cell.count, 1, 1e7) &&
    isIn(cell.offsetUs, -OFFSET_US_MAX, OFFSET_US_MAX) &&
    isIn(cell.spreadUs, 0, OFFSET_US_MAX) &&
    isIn(cell.velocity, 1, 127)
  );
}

function isIn(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}
