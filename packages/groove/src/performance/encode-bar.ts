import { ok, type Result, refuse } from '@jamnet/base';
import type { Bar, BarHit } from '../bars.ts';
import { CELLS, instrumentOfCell, stepOfCell } from '../instruments.ts';

export type BarCode = 'bar-malformed';

const HEAD_BYTES = 6;
const HIT_BYTES = 6;
/** Half a sixteenth at six beats a minute, the slowest tempo of a grid, µs. */
export const OFFSET_US_MAX = 1_250_000;

/** Canonical bytes of a bar: index (u32), hits (u16), then of each hit cell (u8), offset in µs (i32), velocity (u8), big-endian. */
export function encodeBar(bar: Bar): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + HIT_BYTES * bar.hits.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bar.index);
  view.setUint16(4, bar.hits.length);
  for (const [index, hit] of bar.hits.entries()) {
    const at = HEAD_BYTES + HIT_BYTES * index;
    view.setUint8(at, hit.cell);
    view.setInt32(at + 1, hit.offsetUs);
    view.setUint8(at + 5, hit.velocity);
  }
  return bytes;
}

/** Is this a bar as `barsOf` makes them: each cell at most once, by step, then instrument, everything in its range? */
export function checkBar(bar: Bar): Result<null, BarCode> {
  if (!Number.isInteger(bar.index) || bar.index < 0 || bar.index >= 2 ** 32)
    return refuse('bar-malformed', 'Bars are numbered by integers from 0.');
  let before = -1;
  for (const hit of bar.hits) {
    const place = 16 * stepOfCell(hit.cell) + instrumentOfCell(hit.cell);
    if (!isHit(hit) || place <= before)
      return refuse(
        'bar-malformed',
        `A hit has a cell from 0 to ${CELLS - 1}, each once by step and then instrument, an offset within ± ${OFFSET_US_MAX} µs and a velocity from 1 to 127.`,
      );
    before = place;
  }
  return ok(null);
}

function isHit({ cell, offsetUs, velocity }: BarHit): boolean {
  return (
    isWithin(cell, 0, CELLS - 1) &&
    isWithin(offsetUs, -OFFSET_US_MAX, OFFSET_US_MAX) &&
    isWithin(velocity, 1, 127)
  );
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
