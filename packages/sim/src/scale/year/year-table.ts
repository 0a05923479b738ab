import { ok, type Result, refuse } from '@jamnet/base';
import type { MeasuredSize } from './measure-sizes.ts';
import type { YearCost, YearPlan } from './year-costs.ts';

/** Between these lines of a Markdown file stands what `jamnet bench year --write FILE` put there last. */
export const YEAR_MARKS = ['<!-- jamnet bench year -->', '<!-- /jamnet bench year -->'] as const;

const HEAD = ['', 'each: rows', 'leaves', 'bytes', 'µs', 'a year: count', 'rows', 'GB', 'cores'];

/** Head, a line a thing, and the sum; all as text. */
export function yearRows(sizes: readonly MeasuredSize[], costs: readonly YearCost[]): readonly string[][] {
  const body = costs.map(({ thing, count, rows, bytes, cores }, index) => {
    const size = sizes[index];
    const each = [size?.rows, size?.leaves, size?.bytes, size?.processorUs].map(String);
    return [thing, ...each, `${count}`, `${rows}`, (bytes / 1e9).toFixed(1), cores.toFixed(4)];
  });
  const sum = (of: (cost: YearCost) => number): number => costs.reduce((total, cost) => total + of(cost), 0);
  const all = [`${sum(({ rows }) => rows)}`, (sum(({ bytes }) => bytes) / 1e9).toFixed(1)];
  return [HEAD, ...body, ['all', '', '', '', '', '', ...all, sum(({ cores }) => cores).toFixed(4)]];
}

/** The same in Markdown, with what it is the year of. */
export function yearMarkdown(
  plan: YearPlan,
  sizes: readonly MeasuredSize[],
  costs: readonly YearCost[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = yearRows(sizes, costs);
  const stated = Object.entries(plan).map(([name, value]) => `${name} ${value}`);
  return [
    `Of ${stated.join(', ')}:`,
    '',
    line(head),
    line(head.map((_, place) => (place === 0 ? '---' : '---:'))),
    ...body.map(line),
  ].join('\n');
}

/** A Markdown text with a new table between its marks. */
export function withYearTable(text: string, table: string): Result<string, 'marks-missing'> {
  const [begin, end] = YEAR_MARKS.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    return refuse(
      'marks-missing',
      `The file has no lines "${YEAR_MARKS.join('" and "')}": put them where the table is to stand.`,
    );
  return ok(`${text.slice(0, begin)}${YEAR_MARKS[0]}\n${table}\n${text.slice(end)}`);
}
