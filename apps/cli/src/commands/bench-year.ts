import { type MeasuredSize, measureSizes, type YearCost, yearCosts } from '@jamnet/sim';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

type Options = Readonly<Record<string, string>> & { readonly json?: boolean };

/** What a year costs in rows, bytes and cores, from sizes measured on a small real database. */
export function addBenchYearCommand(bench: Command, context: CommandContext): void {
  bench
    .command('year')
    .description('what a year of a studio costs in rows, bytes and cores, from measured sizes')
    .option('--members <n>', '', '100000')
    .option('--hosts <n>', '', '10000')
    .option('--payments <n>', 'of a member, a month', '1')
    .option('--sessions <n>', 'of a member in a room of three, a month', '8')
    .option('--uses <n>', 'of a member, a month', '20')
    .option('--tasks <n>', 'of a host, a day', '20')
    .option('--measured <n>', 'of each thing, to measure it', '2000')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nSizes are of SQLite with its indexes; processor time is of one process here, without waits for a disk.\n\nExample:\n  jamnet bench year --members 100000 --hosts 10000',
    )
    .action(async (options: Options) => {
      const of = (name: string, most: number): number => count(options, name, most);
      const plan = {
        members: of('members', 10_000_000),
        hosts: of('hosts', 1_000_000),
        paymentsAMonth: of('payments', 1_000),
        sessionsAMonth: of('sessions', 1_000),
        usesAMonth: of('uses', 100_000),
        tasksADay: of('tasks', 100_000),
      };
      const sizes = await measureSizes(of('measured', 100_000));
      const costs = yearCosts(plan, sizes);
      print(context, options.json, { plan, sizes, costs }, () => yearTable(sizes, costs));
    });
}

function count(options: Options, name: string, most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CommandError('option-invalid', `--${name} is a whole number from 1 to ${most}.`, EXIT.usage);
}

function yearTable(sizes: readonly MeasuredSize[], costs: readonly YearCost[]): string {
  const head = ['', 'each: rows', 'bytes', 'µs', 'a year: count', 'rows', 'GB', 'cores'];
  const body = costs.map(({ thing, count: times, rows, bytes, cores }, index) => {
    const size = sizes[index];
    const each = [size?.rows, size?.bytes, size?.processorUs].map(String);
    return [thing, ...each, `${times}`, `${rows}`, (bytes / 1e9).toFixed(1), cores.toFixed(4)];
  });
  const sum = (of: (cost: YearCost) => number): number => costs.reduce((total, cost) => total + of(cost), 0);
  const all = [
    'all',
    '',
    '',
    '',
    '',
    `${sum(({ rows }) => rows)}`,
    (sum(({ bytes }) => bytes) / 1e9).toFixed(1),
  ];
  return columns([head, ...body, [...all, sum(({ cores }) => cores).toFixed(4)]], [1, 2, 3, 4, 5, 6, 7]);
}
