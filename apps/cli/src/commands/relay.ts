import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@jamnet/base';
import { openSecrets } from '@jamnet/studio';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { openOwnRelay, readRelayKey } from '../room/own-relay.ts';

interface RelayOptions {
  readonly studio: string;
  readonly keyFile: string;
  readonly host: string;
  readonly reachedAt?: string;
  readonly port: string;
  readonly name: string;
  readonly announce?: boolean;
  readonly json?: boolean;
}

export function addRelayCommand(program: Command, context: CommandContext): void {
  const relay = program
    .command('relay')
    .description('run one more relay of a studio; rooms open on the relay that their players hear soonest')
    .option('--studio <url>', 'the studio to tell', 'http://127.0.0.1:8440')
    .option('--key-file <file>', 'the key that studio and relays share, from "jamnet relay key"', 'relay.key')
    .option('--host <address>', 'IP address to listen on', '127.0.0.1')
    .option('--reached-at <address>', 'IP address by which players reach it, when that is another one')
    .option('--port <port>', 'UDP port; 0 lets the system choose', '0')
    .option('--name <name>', "the relay's name at the studio", hostname().slice(0, 32))
    .option('--announce', "tell this machine's networks of the relay by multicast DNS")
    .option('--json', 'one JSON line per event')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet relay key > relay.key\n  jamnet relay --key-file relay.key --host 0.0.0.0 --reached-at 192.0.2.7 --port 8441 --name attic --announce',
    )
    .action((options: RelayOptions) => run(context, options));
  relay
    .command('key')
    .description("print the studio's relay key: whoever has it can let players into any room")
    .option('--data <dir>', 'directory of the studio', context.dataDirectory)
    .addHelpText('after', '\nExample:\n  jamnet relay key > relay.key && chmod 600 relay.key')
    .action(({ data }: { data: string }) => {
      if (!existsSync(join(data, 'keys', 'root.secret')))
        throw new CommandError(
          'studio-unknown',
          `No studio has been started on ${data}: name its --data directory.`,
          EXIT.usage,
        );
      context.stdout.write(`${toHex(openSecrets(data).tokenKey)}\n`);
    });
}

async function run(context: CommandContext, options: RelayOptions): Promise<void> {
  const tokenKey = readRelayKey(options.keyFile);
  const port = /^\d{1,5}$/.test(options.port) ? Number(options.port) : -1;
  if (port < 0 || port > 65_535)
    throw new CommandError('option-invalid', '--port is 0 to 65535.', EXIT.usage);
  if (!URL.canParse(options.studio))
    throw new CommandError('option-invalid', '--studio is a URL such as http://127.0.0.1:8440.', EXIT.usage);
  const say = (event: string, text: string, facts: object): void => {
    if (options.json) context.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
    else context.stderr.write(`${text}\n`);
  };
  const { studio, host, name, reachedAt = host, announce = false } = options;
  const relay = await openOwnRelay(
    { studio, tokenKey, host, reachedAt, port, name, isAnnounced: announce, natsUrl: context.natsUrl },
    say,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await relay.close();
}
