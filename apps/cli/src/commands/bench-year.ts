import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type MeasuredSize,
  measureSizes,
  withYearTable,
  yearCosts,
  yearMarkdown,
  yearRows,
} from '@jamnet/sim';
import { measureTake } from '@jamnet/studio/operations';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { columns } from '../economy/columns.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

type Options = Readonly<Record<string, string>> & { readonly json?: boolean; readonly write?: string };

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
    .option('--cash-outs <n>', 'of a member, a year: redeemed and sent to a bank', '4')
    .option('--minutes <n>', 'of a session', '60')
    .option('--recorded <n>', 'of a hundred sessions, by all three players', '1')
    .option('--measured <n>', 'of each thing, to measure it', '2000')
    .option('--write <file>', 'put the table into a Markdown file, between its two marks')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nSizes are of SQLite with its indexes; processor time is of one process here, without waits for a disk.\n\nExample:\n  jamnet bench year --members 100000 --hosts 10000',
    )
    .action(async (options: Options) => {
      const of = (name: string, most: number): number => count(options, name, most);
      if (options.write !== undefined && !existsSync(options.write))
        throw new CommandError('file-missing', `There is no ${options.write}.`, EXIT.usage);
      const plan = {
        members: of('members', 10_000_000),
        hosts: of('hosts', 1_000_000),
        paymentsAMonth: of('payments', 1_000),
        sessionsAMonth: of('sessions', 1_000),
        usesAMonth: of('uses', 100_000),
        tasksADay: of('tasks', 100_000),
        cashOutsAYear: of('cashOuts', 1_000),
        minutesASession: of('minutes', 1_440),
        recordedPercent: of('recorded', 100),
      };
      const sizes = [...(await measureSizes(of('measured', 100_000))), await takeMinute(context)];
      const costs = yearCosts(plan, sizes);
      if (options.write !== undefined) writeTable(options.write, yearMarkdown(plan, sizes, costs));
      print(context, options.json, { plan, sizes, costs }, () =>
        columns(yearRows(sizes, costs), [1, 2, 3, 4, 5, 6, 7, 8]),
      );
    });
}

function count(options: Options, name: string, most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CommandError('option-invalid', `--${name} is a whole number from 1 to ${most}.`, EXIT.usage);
}

function writeTable(file: string, table: string): void {
  writeFileSync(file, orEnd(withYearTable(readFileSync(file, 'utf8'), table), EXIT.usage));
}

async function takeMinute({ checkout }: CommandContext): Promise<MeasuredSize> {
  const { minutes, bytes, processorUs } = await measureTake(join(checkout, 'samples'));
  return {
    ...{ thing: 'take minute', measured: Math.round(minutes), rows: 0, leaves: 0 },
    ...{ bytes, processorUs },
  };
}
