import { formatAmount } from '@jamnet/base';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { type AskOptions, askStudio } from '../economy/ask-studio.ts';
import type { OperatorRedemptions } from '../economy/redemptions-over-http.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

/** A redemption as the studio tells it; amounts are decimal text. */
interface Redemption {
  readonly id: string;
  readonly payee: string;
  readonly status: string;
  readonly sentence: string;
}

interface Run {
  readonly fills: readonly { readonly id: string; readonly microJam: string; readonly cents: string }[];
  readonly capCents: string;
  readonly paidCents: string;
  readonly redeemedMicroJam: string;
  readonly suspended: number;
}

/** What becomes of requests: `redeem status`, `cancel` and `run`. Stand under `redeem`. */
export function addRedeemManageCommands(program: Command, context: CommandContext): void {
  const redeem = program.commands.find((command) => command.name() === 'redeem');
  if (!redeem)
    throw new CommandError('program-incomplete', 'redeem must be added before its subcommands.', EXIT.failed);
  const add = (name: string, description: string): Command =>
    redeem
      .command(name)
      .description(description)
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  add('status', 'where redemptions stand, the newest first; of all payees without one')
    .argument('[payee]', 'the pseudonym, "p" and 32 hex digits')
    .action((payee: string | undefined, options: AskOptions) =>
      ask<readonly Redemption[]>(context, options, (desk) => desk.list(payee), statusText),
    );
  add('cancel', 'give what is not paid yet back to the wallet; until the cut-off')
    .argument('<payee>', 'whose redemption it is')
    .argument('<id>', 'of the redemption, as "redeem status" shows it')
    .action((payee: string, id: string, options: AskOptions) =>
      ask<Redemption>(
        context,
        options,
        (desk) => desk.cancel({ id, payee }),
        ({ sentence }) => sentence,
      ),
    );
  add('run', 'price and pay what the gates allow now; again pays nothing twice').action(
    (options: AskOptions) => ask<Run>(context, options, (desk) => desk.run(), runText),
  );
}

async function ask<T>(
  context: CommandContext,
  options: AskOptions,
  question: (desk: OperatorRedemptions) => ReturnType<OperatorRedemptions['run']>,
  text: (answer: T) => string,
): Promise<void> {
  await askStudio(context, options, ({ redemptions }) => question(redemptions), text);
}

function statusText(redemptions: readonly Redemption[]): string {
  if (redemptions.length === 0) return 'No redemption was asked for.';
  return redemptions
    .map(({ id, payee, status, sentence }) => `${id}  ${payee}  ${status}\n  ${sentence}`)
    .join('\n');
}

function runText({ fills, capCents, paidCents, redeemedMicroJam, suspended }: Run): string {
  const usd = (cents: string): string => `$${formatAmount(BigInt(cents), 'USD')}`;
  const jam = (microJam: string): string => `${formatAmount(BigInt(microJam), 'JAM')} JAM`;
  const waits = suspended === 0 ? '' : ` ${suspended} wait for a valuation dated after their cut-off.`;
  const head = `Paid ${usd(paidCents)} for ${jam(redeemedMicroJam)} of at most ${usd(capCents)} now.${waits}`;
  return [head, ...fills.map(({ id, microJam, cents }) => `  ${id}  ${jam(microJam)}  ${usd(cents)}`)].join(
    '\n',
  );
}
