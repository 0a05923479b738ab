import { join } from 'node:path';
import {
  BeaconFiles,
  type CollectedCosignature,
  collectBeacon,
  collectCosignature,
  directoryFiles,
  LogDirectory,
  type WitnessReply,
} from '@jamnet/ledger';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { findLog, vkeyOfPlace } from '../ledger/log-place.ts';

interface CosignOptions {
  witness: string;
  vkey: string;
  logVkey?: string;
  json?: boolean;
}

/** How long a witness may take, ms. */
const ANSWER_MS = 10_000;

export function addLedgerCosignCommand(ledger: Command, context: CommandContext): void {
  ledger
    .command('cosign')
    .description(
      'have a witness cosign the newest checkpoint of a log on this machine, publish its cosignature, and fetch its beacon where a draw waits for one',
    )
    .argument('[log]', 'directory of the log (default: the one of the data directory)')
    .requiredOption('--witness <url>', "the witness's address, the part before /add-checkpoint")
    .requiredOption('--vkey <key>', "the witness's verifier key")
    .option('--log-vkey <key>', "the log's verifier key (default: log.vkey beside the log)")
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet ledger cosign ./public/log --witness http://127.0.0.1:8450 --vkey "$(curl -s http://127.0.0.1:8450/vkey)"',
    )
    .action((directory: string | undefined, options: CosignOptions) =>
      cosign(context, directory ?? join(context.dataDirectory, 'public', 'log'), options),
    );
}

async function cosign(context: CommandContext, directory: string, options: CosignOptions): Promise<void> {
  if (/^https?:/.test(directory))
    throw new CommandError(
      'option-invalid',
      'Cosignatures are written beside the log: name its directory on this machine.',
      EXIT.usage,
    );
  const place = await findLog(directory);
  const files = directoryFiles(place.base);
  const log = new LogDirectory(files, vkeyOfPlace(place, options.logVkey));
  const ask = witnessAsker(options.witness);
  const collected = orEnd(await collectCosignature(log, options.vkey, (body) => ask('add-checkpoint', body)));
  const beacons = new BeaconFiles(files, originOf(log.vkey));
  const beacon = orEnd(await collectBeacon(beacons, options.vkey, (path) => ask(path)));
  const report = { ...collected, beaconLeaf: beacon?.leaf ?? null };
  print(context, options.json, report, () => text(collected, beacon?.leaf ?? null));
}

/** The name of a log's key, as far as it stands in its vkey. */
function originOf(vkey: string): string {
  return vkey.split('+')[0] ?? '';
}

function text({ witness, size, timeSeconds }: CollectedCosignature, beaconLeaf: bigint | null): string {
  const cosigned = `${witness} cosigned ${size} leaves at ${new Date(Number(timeSeconds) * 1_000).toISOString()}`;
  return beaconLeaf === null ? cosigned : `${cosigned}, and gave its beacon for leaf ${beaconLeaf}`;
}

/** With a body a POST, without one a GET. */
function witnessAsker(address: string): (path: string, body?: Uint8Array) => Promise<WitnessReply> {
  const base = address.replace(/\/$/, '');
  if (!URL.canParse(base) || !/^https?:/.test(base))
    throw new CommandError('option-invalid', '--witness is an http or https URL.', EXIT.usage);
  return async (path, body) => {
    const url = `${base}/${path}`;
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch(
        url,
        body ? { method: 'POST', body: Uint8Array.from(body), signal } : { signal },
      );
      return { status: answer.status, body: await answer.text() };
    } catch {
      throw new CommandError(
        'witness-unreachable',
        `${url} does not answer: does the witness run?`,
        EXIT.failed,
      );
    }
  };
}
