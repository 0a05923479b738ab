import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { findLog, vkeyOfPlace } from '../ledger/log-place.ts';
import { runVerifier, type VerifierReport } from '../ledger/run-verifier.ts';

interface VerifyOptions {
  vkey?: string;
  witness: string[];
  quorum: string;
  since?: string;
  accounts?: boolean;
  json?: boolean;
}

export function addLedgerVerifyCommand(ledger: Command, context: CommandContext): void {
  ledger
    .command('verify')
    .description('check a whole public log: signature, every entry, every tile, and the books done again')
    .argument('<log>', "the log's directory or URL, or that of the public books that hold it")
    .option('--vkey <key>', "the log's verifier key, got from elsewhere (default: log.vkey beside the log)")
    .option('--witness <vkey>', 'a witness whose cosignature counts; may be repeated', collect, [])
    .option('--quorum <n>', 'least number of those witnesses that must have cosigned', '0')
    .option('--since <file>', 'an older checkpoint of this log: nothing before it may have changed')
    .option('--accounts', 'list every account with its balance')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet ledger verify ./public/log\n  jamnet ledger verify http://127.0.0.1:8440/public/log/ --since checkpoint.yesterday --json',
    )
    .action((place: string, options: VerifyOptions) => verify(context, place, options));
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

async function verify(context: CommandContext, place: string, options: VerifyOptions): Promise<void> {
  const quorum = Number(options.quorum);
  if (!Number.isInteger(quorum) || quorum < 0)
    throw new CommandError('option-invalid', '--quorum is a whole number from 0 on.', EXIT.usage);
  if (options.since !== undefined && !existsSync(options.since))
    throw new CommandError('checkpoint-absent', `There is no checkpoint ${options.since}.`, EXIT.usage);
  const log = await findLog(place);
  const vkey = vkeyOfPlace(log, options.vkey);
  const words = [log.base, '--vkey', vkey, '--quorum', String(quorum)];
  for (const witness of options.witness) words.push('--witness', witness);
  if (options.since !== undefined) words.push('--since', options.since);
  if (options.accounts) words.push('--accounts');
  const report = {
    ...(await runVerifier(words)),
    // A key lying beside the log shows that the log is whole, not whose it is.
    keyFromElsewhere: options.vkey !== undefined,
  };
  print(context, options.json, report, () => textOf(report, vkey));
}

function textOf(report: VerifierReport & { keyFromElsewhere: boolean }, vkey: string): string {
  const witnessed =
    report.witnesses.length > 0 ? `cosigned by ${report.witnesses.join(', ')}` : 'unwitnessed';
  return [
    ...(report.balances ?? []).map(
      ({ code, balance, held }) => `${code}  ${balance}${held === '0' ? '' : `  (${held} held)`}`,
    ),
    `ok: ${report.leaves} leaves of ${report.origin} hash to the signed root and replay; ${report.accounts} accounts, ${witnessed}`,
    ...(report.signedBy === vkey.trim()
      ? []
      : [`The key you named has handed the log on: it is now signed by ${report.signedBy}.`]),
    ...(report.keyFromElsewhere ? [] : ['The key lay beside the log: compare it with one from elsewhere.']),
    `${report.seconds} s, at most ${Math.round(report.peakMemoryBytes / 1e6)} MB`,
  ].join('\n');
}
