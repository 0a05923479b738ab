import type { Server } from 'node:http';
import { join } from 'node:path';
import { createWitnessServer, directoryFiles, nativeSigner, vrfProve, Witness } from '@jamnet/ledger';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { openSeed } from '../ledger/witness-key.ts';

interface WitnessOptions {
  log: string[];
  name: string;
  state: string;
  host: string;
  port: string;
  json?: boolean;
}

export function addLedgerWitnessCommand(ledger: Command, context: CommandContext): void {
  ledger
    .command('witness')
    .description(
      'watch logs: cosign their checkpoints over HTTP (C2SP tlog-witness) as long as none is ever rewritten; Ctrl+C ends',
    )
    .option('--log <vkey>', 'verifier key of a log to watch, at least one; may be repeated', collect, [])
    .option('--name <name>', "name of the witness's key, e.g. its URL without scheme", 'witness.invalid')
    .option('--state <dir>', 'its key and what it saw', join(context.dataDirectory, 'witness'))
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <n>', '0 takes any free one', '8450')
    .option('--json', 'address and key as one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet ledger witness --log "$(cat public/log.vkey)" --name witness.example --state ./witness',
    )
    .action((options: WitnessOptions) => runWitness(context, options));
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

async function runWitness(context: CommandContext, options: WitnessOptions): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError('option-invalid', '--port is 0 to 65535.', EXIT.usage);
  if (options.log.length === 0)
    throw new CommandError('option-invalid', 'Name the key of a log to watch with --log.', EXIT.usage);
  if (!/^[^\s+]{1,255}$/.test(options.name))
    throw new CommandError('option-invalid', '--name holds no space and no plus sign.', EXIT.usage);
  const seed = openSeed(join(options.state, 'witness.key'));
  const signer = nativeSigner(options.name, seed);
  const prove = (input: Uint8Array): Uint8Array => vrfProve(seed, input);
  const files = directoryFiles(options.state);
  const witness = orEnd(Witness.open({ signer, files, logs: options.log, prove }), EXIT.usage);
  const server = createWitnessServer(witness, () => BigInt(Math.floor(Date.now() / 1_000)));
  const url = await listen(server, options.host, port);
  const report = { url, vkey: witness.vkey, watches: witness.origins };
  print(
    context,
    options.json,
    report,
    () => `witness at ${url}\nkey ${witness.vkey}\nwatches ${witness.origins.join(', ')}`,
  );
  await untilAsked(server);
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new CommandError(
          'listen-failed',
          `${host}:${port} cannot be listened on: ${cause.message}`,
          EXIT.failed,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const chosen = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}

/** Until Ctrl+C or a terminate signal; what is being answered is finished. */
async function untilAsked(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
}
