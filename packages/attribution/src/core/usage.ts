import { present } from '@jamnet/base';
import { USES_MAX } from './log-weight.ts';

/** One count of a V8 function or block: `[start, end)` in UTF-16 units ran `count` times. Ranges nest. */
export interface CountedRange {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** Ranges kept for one file; more is no real program and is cut. */
export const RANGES_PER_FILE_MAX = 1_000_000;

/** Execution counts of one file as disjoint pieces in order: `starts[i]` to `starts[i + 1]` ran `counts[i]` times. */
export interface FileUsage {
  readonly starts: readonly number[];
  readonly counts: readonly number[];
}

/** Flattens nested ranges: at each place the innermost range holds. Outside every range the count is 0. */
export function flattenRanges(ranges: readonly CountedRange[]): FileUsage {
  const sorted = [...ranges]
    .slice(0, RANGES_PER_FILE_MAX)
    .filter((range) => range.end > range.start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const starts: number[] = [];
  const counts: number[] = [];
  const mark = (start: number, count: number): void => {
    if (starts.at(-1) === start) counts[counts.length - 1] = count;
    else if (counts.at(-1) !== count) {
      starts.push(start);
      counts.push(count);
    }
  };
  const open: CountedRange[] = [];
  const closeUntil = (offset: number): void => {
    for (let top = open.at(-1); top !== undefined && top.end <= offset; top = open.at(-1)) {
      open.pop();
      mark(top.end, open.at(-1)?.count ?? 0);
    }
  };
  for (const range of sorted) {
    closeUntil(range.start);
    mark(range.start, range.count);
    open.push(range);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return { starts, counts };
}

/** How often the place at `offset` ran. */
export function usesAt(usage: FileUsage, offset: number): number {
  let low = 0;
  let high = usage.starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (present(usage.starts[middle], 'start') <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : present(usage.counts[low - 1], 'count');
}

/** Sum of several recordings of one file, place by place, up to {@link USES_MAX}. */
export function addUsage(recordings: readonly FileUsage[]): FileUsage {
  const cuts = [...new Set(recordings.flatMap((recording) => recording.starts))].sort((a, b) => a - b);
  const counts = cuts.map((cut) =>
    recordings.reduce((total, recording) => Math.min(USES_MAX, total + usesAt(recording, cut)), 0),
  );
  return { starts: cuts, counts };
}

/** Uses of lines as uses of places in a text; lines that the text does not have count nowhere. */
export function usageOfLines(lines: ReadonlyMap<number, number>, text: string): FileUsage {
  const starts: number[] = [];
  const counts: number[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    starts.push(offset);
    counts.push(lines.get(index + 1) ?? 0);
    offset += line.length + 1;
  }
  return { starts, counts };
}
