import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { MeasuredSize } from './measure-sizes.ts';
import { type YearPlan, yearCosts } from './year-costs.ts';
import { withYearTable, YEAR_MARKS, yearMarkdown } from './year-table.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const PLAN: YearPlan = {
  ...{ members: 10, hosts: 1, paymentsAMonth: 1, sessionsAMonth: 1, usesAMonth: 1, tasksADay: 1 },
  ...{ cashOutsAYear: 1, minutesASession: 1, recordedPercent: 1 },
};
const SIZES: readonly MeasuredSize[] = [
  { thing: 'payment', measured: 10, rows: 2, leaves: 1, bytes: 100, processorUs: 50 },
];

test('a table takes the place of the one before, and nothing else of the file changes', () => {
  const text = `# Before\n${YEAR_MARKS[0]}\nold\n${YEAR_MARKS[1]}\nafter\n`;
  const table = yearMarkdown(PLAN, SIZES, yearCosts(PLAN, SIZES));
  const once = withYearTable(text, table);
  if (!once.ok) throw new Error(once.message);
  expect(once.value).toBe(`# Before\n${YEAR_MARKS[0]}\n${table}\n${YEAR_MARKS[1]}\nafter\n`);
  expect(withYearTable(once.value, table)).toEqual(once);
  expect(table.split('\n').at(-2)).toBe('| payment | 2 | 1 | 100 | 50 | 120 | 240 | 0.0 | 0.0000 |');
});

test.each(['', YEAR_MARKS[0], `${YEAR_MARKS[1]}\n${YEAR_MARKS[0]}`])(
  'a file without its marks in order is refused: %j',
  (text) => expect(withYearTable(text, '')).toMatchObject({ ok: false, code: 'marks-missing' }),
);

test('the table in the README has the columns and the sums of the command that writes it', () => {
  const [, between = ''] = README.split(YEAR_MARKS[0]);
  const lines = (between.split(YEAR_MARKS[1])[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  const cells = lines.map((line) => line.slice(2, -2).split(' | '));
  const [head = [], , ...body] = cells;
  expect(`| ${head.join(' | ')} |`).toBe(yearMarkdown(PLAN, SIZES, yearCosts(PLAN, SIZES)).split('\n')[2]);
  const all = body.pop() ?? [];
  expect(body.map(([thing]) => thing)).toEqual([
    ...['payment', 'contribution', 'use', 'task', 'payee paid', 'cash out', 'log leaf', 'take minute'],
  ]);
  const column = (place: number): number => body.reduce((sum, row) => sum + Number(row[place]), 0);
  expect(column(6)).toBe(Number(all[6]));
  expect(column(7)).toBeCloseTo(Number(all[7]), -1);
  // Leaves are those that all others put into the log.
  const leaves = body.reduce(
    (sum, row) => sum + (row[0] === 'log leaf' ? 0 : Number(row[2]) * Number(row[5])),
    0,
  );
  expect(Number(body.find(([thing]) => thing === 'log leaf')?.[5])).toBeCloseTo(leaves, -1);
});
