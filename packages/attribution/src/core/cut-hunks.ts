import { alignPieces } from './align-pieces.ts';
import type { Hunk } from './gate.ts';
import type { PlacedStatement } from './statement.ts';

/** A text and the statements that stand in it. */
export interface CutText {
  readonly text: string;
  readonly statements: readonly PlacedStatement[];
}

/** A stretch of a hunk that belongs to one statement: `[start, end)` of the new text. */
export interface Piece {
  /** Number of the hunk in its file. */
  readonly hunk: number;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
  /** What stood there before; together the pieces of a hunk hold all that it replaced. */
  readonly oldText: string;
  /** The innermost statement of the new text that holds it (by number), or `null`. */
  readonly statement: number | null;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts the hunks of a file where statements begin and end, on both sides, and says which old stretch each new one replaced. */
export function cutHunks(before: CutText, after: CutText, hunks: readonly Hunk[]): Piece[] {
  const [oldLines, newLines] = [lineStartsOf(before.text), lineStartsOf(after.text)];
  return hunks.flatMap((hunk, number) => {
    const was = rangeOfLines(oldLines, before.text.length, hunk.oldStart, hunk.oldCount);
    const is = rangeOfLines(newLines, after.text.length, hunk.newStart, hunk.newCount);
    return cutHunk(before, after, was, is).map((piece) => ({ ...piece, hunk: number }));
  });
}

function cutHunk(before: CutText, after: CutText, was: Range, is: Range): Omit<Piece, 'hunk'>[] {
  const [olds, news] = [cutRange(before, was), cutRange(after, is)];
  const textOf = ({ text }: CutText, { start, end }: Range): string => text.slice(start, end);
  if (news.length === 0)
    return [
      {
        ...is,
        newText: '',
        oldText: textOf(before, was),
        statement: innermost(after, is.start),
      },
    ];
  const mateOf = alignPieces(
    olds.map((range) => textOf(before, range)),
    news.map((range) => textOf(after, range)),
  );
  const oldTexts = news.map(() => '');
  let last = 0;
  olds.forEach((range, index) => {
    const mate = mateOf[index] ?? null;
    // What has no mate goes with what stands before it, so that nothing of the old text is lost.
    last = mate ?? last;
    oldTexts[last] += textOf(before, range);
  });
  return news.map((range, index) => ({
    ...range,
    newText: textOf(after, range),
    oldText: oldTexts[index] ?? '',
    statement: innermost(after, firstInk(after.text, range)),
  }));
}

/** The range in stretches that begin or end with a statement; white space goes with what stands before it. */
function cutRange({ text, statements }: CutText, { start, end }: Range): Range[] {
  const cuts = new Set([end]);
  for (const one of statements)
    for (const at of [one.start, one.end]) if (at > start && at < end) cuts.add(at);
  const ranges: { start: number; end: number }[] = [];
  let from = start;
  for (const to of [...cuts].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (to === from) continue;
    if (last !== undefined && text.slice(from, to).trim() === '') last.end = to;
    else if (last !== undefined && text.slice(last.start, last.end).trim() === '') last.end = to;
    else ranges.push({ start: from, end: to });
    from = to;
  }
  return ranges;
}

function firstInk(text: string, { start, end }: Range): number {
  return start + Math.max(0, text.slice(start, end).search(/\S/));
}

function innermost({ statements }: CutText, at: number): number | null {
  let found: number | null = null;
  let size = Number.POSITIVE_INFINITY;
  for (const [number, { start, end }] of statements.entries()) {
    if (start > at || end <= at || end - start >= size) continue;
    found = number;
    size = end - start;
  }
  return found;
}

/** Lines from 1; of no lines the place behind line `first`. */
function rangeOfLines(starts: readonly number[], length: number, first: number, count: number): Range {
  const from = count === 0 ? first : first - 1;
  return { start: starts[from] ?? length, end: starts[from + count] ?? length };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The new text with some of its pieces other than it has them: `textOf` gives what stands there, `undefined` for what it has. */
export function textWith(
  text: string,
  pieces: readonly Piece[],
  textOf: (piece: number) => string | undefined,
): string {
  let [made, at] = ['', 0];
  for (const [number, { start, end, newText }] of pieces.entries()) {
    made += text.slice(at, start) + (textOf(number) ?? newText);
    at = end;
  }
  return made + text.slice(at);
}
