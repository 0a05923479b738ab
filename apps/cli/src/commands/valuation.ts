import { formatAmount, parseAmount } from '@jamnet/base';
import { dayText } from '@jamnet/economy';
import type { Command } from 'commander';
import { type CommandContext, orEnd } from '../context.ts';
import { askDesk } from '../economy/ask-desk.ts';
import type { AskOptions } from '../economy/ask-studio.ts';
import { documentHash, timeOption, wholeOption } from '../economy/read-options.ts';
import { EXIT } from '../exit-codes.ts';

interface AddOptions extends AskOptions {
  value: string;
  units: string;
  dated: string;
  approvedBy: string;
  document: string;
  id?: string;
}

interface Valuation {
  id: string;
  valueCents: string;
  fullyDilutedUnits: string;
  datedAtUs: string;
  approvedBy: string;
}

export function addValuationCommand(program: Command, context: CommandContext): void {
  const valuation = program.command('valuation').description('what the board says the studio is worth');
  valuation.addHelpText(
    'after',
    '\nExamples:\n  jamnet valuation add --value 20000000 --units 10000000 --dated 2026-10-31 --approved-by "board" --document minutes.pdf\n  jamnet valuation list',
  );
  valuation
    .command('add')
    .description('post a valuation without the redemption reserve; it never changes')
    .requiredOption('--value <usd>', 'V, US dollars')
    .requiredOption('--units <count>', 'S, fully diluted units, the contributor pool included')
    .requiredOption('--dated <day>', 'the UTC day or time it holds from')
    .requiredOption('--approved-by <text>', 'who approved it')
    .requiredOption('--document <file>', 'the signed document; its hash is kept')
    .option('--id <text>', 'its name (default: valuation- and its day)')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .action((options: AddOptions) => {
      const datedAtUs = timeOption('--dated', options.dated);
      const body = {
        id: options.id ?? `valuation-${dayText(datedAtUs)}`,
        valueCents: orEnd(parseAmount(options.value, 'USD'), EXIT.usage).toString(),
        fullyDilutedUnits: wholeOption('--units', options.units),
        datedAtUs: datedAtUs.toString(),
        approvedBy: options.approvedBy,
        documentSha256: documentHash(options.document),
      };
      return askDesk<{ added: number }>(
        context,
        options,
        (desk) => desk.addValuation(body),
        ({ added }) => (added > 0 ? `Posted as ${body.id}.` : `${body.id} was posted before.`),
      );
    });
  valuation
    .command('list')
    .description('the posted valuations, the newest first')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON array on stdout')
    .action((options: AskOptions) =>
      askDesk<Valuation[]>(
        context,
        options,
        (desk) => desk.valuations(),
        (found) => (found.length === 0 ? 'No valuation is posted.' : found.map(line).join('\n')),
      ),
    );
}

function line({ id, valueCents, fullyDilutedUnits, datedAtUs, approvedBy }: Valuation): string {
  const value = formatAmount(BigInt(valueCents), 'USD');
  return `${dayText(BigInt(datedAtUs))}  $${value} over ${fullyDilutedUnits} units  ${id}  (${approvedBy})`;
}
