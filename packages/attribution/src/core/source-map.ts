import { present } from '@jamnet/base';
import { type FileUsage, usesAt } from './usage.ts';

/** The part of a source map (ECMA-426) that coverage needs. */
export interface SourceMapData {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** Segments decoded at most for one map. */
export const SEGMENTS_MAX = 5_000_000;

export interface MappedPoint {
  readonly source: number;
  readonly line: number;
  readonly column: number;
  readonly count: number;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Counts at original places: each segment of the map takes the count of the generated place it stands for.
 * `lineLengths` are those of the generated text without line ends (V8 offsets count one unit per line end).
 * Malformed mappings end the list where they break.
 */
export function mapUsage(
  map: SourceMapData,
  lineLengths: readonly number[],
  usage: FileUsage,
): MappedPoint[] {
  const points: MappedPoint[] = [];
  let lineStart = 0;
  let source = 0;
  let line = 0;
  let column = 0;
  for (const [index, segments] of map.mappings.split(';').entries()) {
    let generated = 0;
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const fields = decodeVlq(segment);
      if (fields === null || points.length >= SEGMENTS_MAX) return points;
      generated += fields[0] ?? 0;
      if (fields.length < 4) continue;
      source += present(fields[1], 'source');
      line += present(fields[2], 'line');
      column += present(fields[3], 'column');
      points.push({ source, line, column, count: usesAt(usage, lineStart + generated) });
    }
    lineStart += (lineLengths[index] ?? 0) + 1;
  }
  return points;
}

/** Turns points of one original file into usage: a point's count holds until the next point. */
export function usageFromPoints(points: readonly MappedPoint[], text: string): FileUsage {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const countAt = new Map<number, number>();
  for (const point of points) {
    const lineStart = lineStarts[point.line];
    if (lineStart === undefined || point.column < 0) continue;
    const offset = lineStart + point.column;
    countAt.set(offset, Math.max(countAt.get(offset) ?? 0, point.count));
  }
  const sorted = [...countAt].sort((a, b) => a[0] - b[0]);
  return { starts: sorted.map(([offset]) => offset), counts: sorted.map(([, count]) => count) };
}

function decodeVlq(segment: string): number[] | null {
  const fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = BASE64.indexOf(character);
    if (digit < 0 || shift > 30) return null;
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit & 32) continue;
    const magnitude = Math.floor(value / 2);
    fields.push(value % 2 === 1 ? -magnitude : magnitude);
    value = 0;
    shift = 0;
  }
  return shift === 0 ? fields : null;
}
