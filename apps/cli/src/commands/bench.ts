import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchEpoch } from '@jamnet/economy';
import { benchBooks, benchLedger } from '@jamnet/ledger';
import { benchMesh } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addBenchAgreementCommand } from './bench-agreement.ts';
import { addBenchAttacksCommand } from './bench-attacks.ts';
import { addBenchAttributeCommand } from './bench-attribute.ts';
import { addBenchBrowserCommand } from './bench-browser.ts';
import { addBenchEarCommand } from './bench-ear.ts';
import { addBenchGrooveCommand } from './bench-groove.ts';
import { addBenchPnbtrCommand } from './bench-pnbtr.ts';
import { addBenchScaleCommand } from './bench-scale.ts';
import { addBenchToastCommand } from './bench-toast.ts';
import { addBenchYearCommand } from './bench-year.ts';

interface BenchOptions {
  json?: boolean;
  [name: string]: string | boolean | undefined;
}

/** Measures parts beside their baseline, in the same run; absolute figures mean little on a busy machine, ratios more. */
export function addBenchCommand(program: Command, context: CommandContext): void {
  const bench = program.command('bench').description('measure a part beside its baseline in the same run');
  bench.addHelpText(
    'after',
    '\nExamples:\n  jamnet bench ledger --json\n  jamnet bench epoch --contributors 1000 --json\n  jamnet bench pnbtr --data ./plc --json',
  );
  const add = (name: string, description: string): Command =>
    bench.command(name).description(description).option('--json', 'one JSON object on stdout');
  const show = (options: BenchOptions, report: unknown): void =>
    print(context, options.json, report, () => JSON.stringify(report, null, 2));

  add('ledger', 'entries a second with balances, floors, idempotency and log, beside hand-written SQL')
    .option('--batch <n>', 'entries a commit', '1000')
    .option('--entries <n>', 'entries a side', '50000')
    .action(async (options: BenchOptions) => {
      const postgres = context.databaseUrl === undefined ? {} : { postgresUrl: context.databaseUrl };
      show(
        options,
        await benchLedger({
          batch: count(options, 'batch'),
          entries: count(options, 'entries'),
          ...postgres,
        }),
      );
    });
  add('books', 'how long people wait who look through large books, each query with its plan')
    .option('--accounts <n>', '', '100000')
    .option('--entries <n>', '', '1000000')
    .option('--questions <n>', 'of each sort', '500')
    .action(async (options: BenchOptions) => {
      const onPhase = (phase: string, seconds: number): void =>
        void context.stderr.write(`${phase}: ${seconds.toFixed(1)} s\n`);
      const sizes = {
        accounts: count(options, 'accounts'),
        entries: count(options, 'entries'),
        questions: count(options, 'questions'),
      };
      show(
        options,
        await inNewDirectory((directory) =>
          benchBooks({ directory, databaseUrl: context.databaseUrl, ...sizes, onPhase }),
        ),
      );
    });
  add(
    'epoch',
    'closing a made-up epoch in an SQLite file; the default size takes minutes to load, not counted',
  )
    .option('--contributors <n>', '', '100000')
    .option('--contributions <n>', '', '1000000')
    .option('--receipts <n>', '', '200000')
    .option('--uses <n>', '', '5000000')
    .option('--loaded <file>', 'close a copy of this loaded database; made where there is none')
    .action(async (options: BenchOptions) => {
      const of = (name: string): number => count(options, name);
      const size = {
        contributors: of('contributors'),
        contributions: of('contributions'),
        receipts: of('receipts'),
        uses: of('uses'),
      };
      const onPhase = (phase: string, seconds: number): void =>
        void context.stderr.write(`${phase}: ${seconds.toFixed(1)} s\n`);
      const loaded = typeof options.loaded === 'string' ? options.loaded : undefined;
      show(options, await benchEpoch(size, { onPhase, ...(loaded === undefined ? {} : { loaded }) }));
    });
  addBenchAttributeCommand(bench, context);
  addBenchAgreementCommand(bench, context);
  addBenchAttacksCommand(bench, context);
  addBenchEarCommand(bench, context);
  addBenchToastCommand(bench, context);
  addBenchBrowserCommand(bench, context);
  add('mesh', 'hosts on one coordinator: heartbeats, verified tasks a second, memory')
    .option('--hosts <n>', '', '500')
    .option('--workers <n>', '', '20')
    .option('--tasks <n>', '', '2000')
    .option(
      '--record <n>',
      'valid results behind each worker before the measurement; checks fall until 10000',
      '120',
    )
    .option('--seconds <n>', 'of heartbeats alone', '5')
    .action(async (options: BenchOptions) => show(options, await mesh(context, options)));
  addBenchScaleCommand(bench, context);
  addBenchYearCommand(bench, context);
  addBenchGrooveCommand(bench, context);
  addBenchPnbtrCommand(bench, context);
}

function count(options: BenchOptions, name: string): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000_000) return value;
  throw new CommandError('option-invalid', `--${name} is a whole number from 1 to 10,000,000.`, EXIT.usage);
}

async function mesh(context: CommandContext, options: BenchOptions) {
  const database = context.databaseUrl === undefined ? {} : { databaseUrl: context.databaseUrl };
  return inNewDirectory((directory) =>
    benchMesh({
      directory,
      ...database,
      hosts: count(options, 'hosts'),
      workers: count(options, 'workers'),
      tasks: count(options, 'tasks'),
      resultBytes: 65_536,
      record: count(options, 'record'),
      heartbeatSeconds: count(options, 'seconds'),
    }),
  );
}

async function inNewDirectory<T>(measure: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-'));
  try {
    return await measure(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
