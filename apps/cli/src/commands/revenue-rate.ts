import { CURRENCIES, dayText } from '@jamnet/economy';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { askDesk } from '../economy/ask-desk.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { documentHash, ratioOption, timeOption } from '../economy/read-options.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface RateOptions extends AskOptions {
  day: string;
  document: string;
}

interface Rate {
  currency: string;
  usdPerUnit: { numerator: string; denominator: string };
  dayUs: string;
  documentSha256: string;
}

export function addRateCommands(revenue: Command, context: CommandContext): void {
  const rate = revenue.command('rate').description('exchange rates: posted before a receipt uses them');
  rate
    .command('add')
    .description('post the rate of one UTC day; it never changes')
    .argument('<currency>', CURRENCIES.filter((code) => code !== 'USD').join(', '))
    .argument('<usd>', 'US dollars for one unit, e.g. 1.0842')
    .requiredOption('--day <day>', 'the UTC day it is of, e.g. 2026-10-30')
    .requiredOption('--document <file>', 'what it was taken from; its hash is kept')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet revenue rate add EUR 1.0842 --day 2026-10-30 --document ecb.xml',
    )
    .action((code: string, usd: string, options: RateOptions) => {
      const currency = CURRENCIES.find((known) => known === code.toUpperCase());
      if (!currency || currency === 'USD')
        throw new CommandError('option-invalid', `${code} is no currency that has a rate.`, EXIT.usage);
      const dayUs = timeOption('--day', options.day).toString();
      const documentSha256 = documentHash(options.document);
      const body = { currency, ...ratioOption('<usd>', usd), dayUs, documentSha256 };
      return askDesk<{ added: number }>(
        context,
        options,
        (desk) => desk.addRate(body),
        ({ added }) => (added > 0 ? 'Posted.' : 'It was posted before.'),
      );
    });
  rate
    .command('list')
    .description('the posted rates, the newest first')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON array on stdout')
    .action((options: AskOptions) =>
      askDesk<Rate[]>(
        context,
        options,
        (desk) => desk.rates(),
        (rates) =>
          rates.length === 0
            ? 'No rate is posted.'
            : rates
                .map(
                  ({ currency, usdPerUnit: { numerator, denominator }, dayUs, documentSha256 }) =>
                    `${dayText(BigInt(dayUs))}  1 ${currency} = ${numerator}/${denominator} USD  ${documentSha256.slice(0, 12)}…`,
                )
                .join('\n'),
      ),
    );
}
