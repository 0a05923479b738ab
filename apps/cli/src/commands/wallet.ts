import { formatAmount } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import type { WalletWithLines } from '../economy/wallet-with-lines.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { accessStudio } from '../studio-access.ts';
import { type ExplainedWallet, explainedText } from './wallet-explained.ts';

interface WalletOptions {
  data: string;
  json?: boolean;
  explain?: boolean;
}

export function addWalletCommand(program: Command, context: CommandContext): void {
  program
    .command('wallet')
    .description(
      'show what a member has and which contribution earned each part; without a payee, list all wallets',
    )
    .argument('[payee]', 'the pseudonym, "p" and 32 hex digits')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option(
      '--explain',
      'each line with its row, rule, evidence and receipts, and the proof of the leaf that paid it',
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet wallet\n  jamnet wallet p0123456789abcdef0123456789abcdef --json',
    )
    .action((payee: string | undefined, options: WalletOptions) =>
      payee ? showWallet(context, payee, options) : listWallets(context, options),
    );
}

async function showWallet(context: CommandContext, payee: string, options: WalletOptions): Promise<void> {
  if (!/^p[0-9a-f]{32}$/.test(payee)) {
    throw new CommandError(
      'payee-malformed',
      `"${payee}" is no payee: "p" and 32 hex digits; "jamnet wallet" lists them.`,
      EXIT.usage,
    );
  }
  const studio = await accessStudio(context, options.data);
  try {
    if (options.explain) {
      // The desk's JSON has this shape.
      const explained = orEnd(await studio.redemptions.explain(payee)) as ExplainedWallet;
      print(context, options.json, explained, () => explainedText(explained));
      return;
    }
    const wallet = orEnd(await studio.wallet(payee));
    print(context, options.json, wallet, () => walletText(wallet));
  } finally {
    await studio.close();
  }
}

function walletText(wallet: WalletWithLines): string {
  const others = [
    [wallet.reservedMicroJam, 'reserved for redemption'],
    [wallet.escrowMicroJam, 'in escrow until the key is verified'],
  ].flatMap(([amount = '0', why]) => (amount === '0' ? [] : [`, ${jam(amount)} ${why}`]));
  const worth = formatAmount(BigInt(wallet.worthCents), 'USD');
  const head = `${wallet.label}  ${wallet.payee}\n  has ${jam(wallet.balanceMicroJam)} JAM free${others.join('')}; all worth $${worth} at the last valuation\n`;
  const lines = wallet.lines.map(
    (line) =>
      `  ${jam(line.amountMicroJam).padStart(16)}  ${line.kind.padEnd(9)} ${line.epoch}  ${line.text}`,
  );
  return [head, ...lines].join('\n');
}

async function listWallets(context: CommandContext, options: WalletOptions): Promise<void> {
  const studio = await accessStudio(context, options.data);
  try {
    const { epoch } = await studio.state();
    const wallets = epoch?.wallets ?? [];
    print(context, options.json, wallets, () =>
      wallets.length === 0
        ? 'Nobody has earned yet: run the sample evening with "npm start", or close an epoch.'
        : wallets
            .map(
              (row) =>
                `${row.payee}  ${jam(row.balanceMicroJam ?? row.amountMicroJam).padStart(16)} JAM${row.balanceMicroJam === null ? ' this epoch' : ''}  ${row.kinds.join(', ').padEnd(16)} ${row.label}`,
            )
            .join('\n'),
    );
  } finally {
    await studio.close();
  }
}

function jam(amountMicroJam: string): string {
  return formatAmount(BigInt(amountMicroJam), 'JAM');
}
