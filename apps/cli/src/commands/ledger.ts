import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addLedgerCosignCommand } from './ledger-cosign.ts';
import { addLedgerDrillCommand } from './ledger-drill.ts';
import { addLedgerExportCommand } from './ledger-export.ts';
import { addLedgerVerifyCommand } from './ledger-verify.ts';
import { addLedgerWitnessCommand } from './ledger-witness.ts';

export function addLedgerCommand(program: Command, context: CommandContext): void {
  const ledger = program
    .command('ledger')
    .description('export the books, verify a public log, witness one, have one witnessed');
  ledger.addHelpText(
    'after',
    '\nExamples:\n  jamnet ledger export --format hledger > books.journal\n  jamnet ledger verify http://127.0.0.1:8440/public/log/',
  );
  for (const add of [
    addLedgerExportCommand,
    addLedgerVerifyCommand,
    addLedgerWitnessCommand,
    addLedgerCosignCommand,
    addLedgerDrillCommand,
  ])
    add(ledger, context);
}
