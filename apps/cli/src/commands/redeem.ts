import { randomUUID } from 'node:crypto';
import { formatAmount, parseAmount } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { accessStudio } from '../studio-access.ts';

interface RedeemOptions {
  data: string;
  key?: string;
  json?: boolean;
}

export function addRedeemCommand(program: Command, context: CommandContext): void {
  program
    .command('redeem')
    .description(
      'ask the studio to turn JAMBucks into money; priced by the first valuation after the cut-off',
    )
    .argument('<payee>', 'the pseudonym, "p" and 32 hex digits')
    .argument('<amount>', 'JAM with at most 6 decimals, e.g. 12.5')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option(
      '--key <text>',
      'idempotency key: the same key and amount ask only once (default: a new one, printed)',
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet redeem p0123456789abcdef0123456789abcdef 12.5 --key july-rent',
    )
    .action((payee: string, amount: string, options: RedeemOptions) =>
      redeem(context, payee, amount, options),
    );
}

async function redeem(
  context: CommandContext,
  payee: string,
  amount: string,
  options: RedeemOptions,
): Promise<void> {
  const amountMicroJam = orEnd(parseAmount(amount, 'JAM'), EXIT.usage);
  const key = options.key ?? randomUUID();
  // Said before asking: should the answer be lost, the same key asks again without reserving twice.
  if (!options.key && !options.json) context.stderr.write(`asking under the key ${key}\n`);
  const studio = await accessStudio(context, options.data);
  try {
    // The studio's JSON has this member. A key asked before may be paid or cancelled by now.
    const answer = orEnd(await studio.redeem({ payee, amountMicroJam, key })) as { sentence: string };
    const result = { key, payee, amountMicroJam, redemption: answer };
    print(
      context,
      options.json,
      result,
      () => `Asked for ${formatAmount(amountMicroJam, 'JAM')} JAM (key ${key}). ${answer.sentence}`,
    );
  } finally {
    await studio.close();
  }
}
