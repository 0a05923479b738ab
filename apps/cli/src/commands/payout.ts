import { checkPain001, readBankAnswer } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { readText } from '../economy/read-text.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface PayoutCommandOptions {
  json?: boolean;
}

export function addPayoutCommand(program: Command, context: CommandContext): void {
  const payout = program.command('payout').description('look at files that go to a bank and come back');
  payout.addHelpText(
    'after',
    '\nExamples:\n  jamnet payout check batch.xml\n  jamnet payout read answer.xml --json',
  );
  payout
    .command('check')
    .argument('<file>', 'pain.001; - is the standard input')
    .description('what a schema cannot see: sums, counts, currency, check digits, doubled ids')
    .option('--json', 'one JSON object on stdout')
    .action((file: string, options: PayoutCommandOptions) => {
      const faults = orEnd(checkPain001(readText(file)), EXIT.usage);
      print(context, options.json, { ok: faults.length === 0, faults }, () =>
        faults.length === 0
          ? 'The file may go to the bank.'
          : faults.map(({ where, message }) => `${where}: ${message}`).join('\n'),
      );
      if (faults.length > 0)
        throw new CommandError('payment-file-wrong', `${faults.length} faults.`, EXIT.refused);
    });
  payout
    .command('read')
    .argument('<file>', 'pain.002 or camt.054; - is the standard input')
    .description('a bank’s answer in plain words')
    .option('--json', 'one JSON object on stdout')
    .action((file: string, options: PayoutCommandOptions) => readAnswer(context, readText(file), options));
}

function readAnswer(context: CommandContext, text: string, options: PayoutCommandOptions): void {
  const answer = orEnd(readBankAnswer(text), EXIT.usage);
  print(context, options.json, answer, () => answer.kind);
}
