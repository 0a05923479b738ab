import { ok, type Result, refuse } from '@jamnet/base';
import { USES_MAX } from './log-weight.ts';

export type LcovCode = 'usage-malformed';

/** Lines of one tracefile read at most. */
export const LCOV_LINES_MAX = 5_000_000;

/** Executions by line (from 1), by source path as the tool that counted wrote it. */
export type LineCounts = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * Reads an LCOV tracefile (geninfo(1)): `SF:path`, `DA:line,count[,checksum]` and `end_of_record`; other records say nothing
 * about lines. Counts are whole numbers; those of several records of one file add up.
 */
export function parseLcov(text: string): Result<LineCounts, LcovCode> {
  const files = new Map<string, Map<number, number>>();
  let counts: Map<number, number> | null = null;
  let row = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const record = text.slice(at, end).trimEnd();
    at = end + 1;
    if (++row > LCOV_LINES_MAX)
      return refuse(
        'usage-malformed',
        `The tracefile has more than ${LCOV_LINES_MAX} lines: merge its records first.`,
      );
    if (record.startsWith('SF:')) counts = countsOf(files, record.slice(3));
    else if (record === 'end_of_record') counts = null;
    else if (record.startsWith('DA:') && !addLine(counts, record))
      return refuse('usage-malformed', `Line ${row} of the tracefile is no DA:line,count of a source file.`);
  }
  if (files.size === 0)
    return refuse('usage-malformed', 'The text is no LCOV tracefile: it names no source file.');
  return ok(files);
}

function countsOf(files: Map<string, Map<number, number>>, path: string): Map<number, number> {
  const counts = files.get(path) ?? new Map<number, number>();
  files.set(path, counts);
  return counts;
}

function addLine(counts: Map<number, number> | null, record: string): boolean {
  const match = /^DA:([1-9]\d{0,8}),(\d{1,20})(,|$)/.exec(record);
  if (match === null || counts === null) return false;
  const line = Number(match[1]);
  counts.set(line, Math.min(USES_MAX, (counts.get(line) ?? 0) + Math.min(USES_MAX, Number(match[2]))));
  return true;
}

/** Counts of several recordings added up, line by line. */
export function sumLines(recordings: readonly LineCounts[]): LineCounts {
  const files = new Map<string, Map<number, number>>();
  for (const recording of recordings) {
    for (const [path, lines] of recording) {
      const counts = countsOf(files, path);
      for (const [line, count] of lines)
        counts.set(line, Math.min(USES_MAX, (counts.get(line) ?? 0) + count));
    }
  }
  return files;
}
