import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { runDrill } from '../ledger/run-drill.ts';

interface DrillCommandOptions {
  entries: string;
  accounts: string;
  parts: string;
  json?: boolean;
}

export function addLedgerDrillCommand(ledger: Command, context: CommandContext): void {
  ledger
    .command('drill')
    .description(
      'fill made-up books in a temporary folder, verify the log, export, have hledger check; with figures',
    )
    .option('--entries <n>', '', '1000000')
    .option('--accounts <n>', '', '10000')
    .option('--parts <n>', 'files of the export: hledger takes about 7 kB of memory an entry', '4')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet ledger drill --entries 1000000 --json')
    .action((options: DrillCommandOptions) => drill(context, options));
}

async function drill(context: CommandContext, options: DrillCommandOptions): Promise<void> {
  const [entries, accounts, parts] = [
    count('entries', options.entries),
    count('accounts', options.accounts),
    count('parts', options.parts),
  ];
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-drill-'));
  try {
    const onStep = (text: string): void => void context.stderr.write(`${text}\n`);
    const report = await runDrill({ directory, entries, accounts, parts, onStep });
    print(context, options.json, report, () => JSON.stringify(report, null, 2));
    if (report.hledger?.balancesAgree === false)
      throw new CommandError(
        'balances-differ',
        'hledger computes other balances than the verifier.',
        EXIT.refused,
      );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000_000) return value;
  throw new CommandError('option-invalid', `--${name} is a whole number from 1 to 10,000,000.`, EXIT.usage);
}
