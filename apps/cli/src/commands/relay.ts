import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure, fromHex, toHex } from '@jamnet/base';
import { announceRelay, openSecrets, startUdpRelay } from '@jamnet/studio';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { announceOrSay } from '../room/announce-or-say.ts';

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
  const tokenKey = readKey(options.keyFile);
  const port = /^\d{1,5}$/.test(options.port) ? Number(options.port) : -1;
  if (port < 0 || port > 65_535)
    throw new CommandError('option-invalid', '--port is 0 to 65535.', EXIT.usage);
  if (!URL.canParse(options.studio))
    throw new CommandError('option-invalid', '--studio is a URL such as http://127.0.0.1:8440.', EXIT.usage);
  const relay = await startUdpRelay({ host: options.host, port, tokenKey }).catch((error: unknown) => {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  });
  const host = options.reachedAt ?? options.host;
  const say = (event: string, text: string, facts: object): void => {
    if (options.json) context.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
    else context.stderr.write(`${text}\n`);
  };
  say(
    'listening',
    `Relay "${options.name}" on ${host}:${relay.port} (${relay.udp}, ${relay.priority.scheduling}); Ctrl+C ends it`,
    { host, port: relay.port, udp: relay.udp },
  );
  const stop = announceRelay(relay, {
    studio: options.studio,
    tokenKey,
    id: options.name,
    host,
    port: relay.port,
    onAnswer: (fault) =>
      fault === null
        ? say('announced', `The studio at ${options.studio} knows it.`, { studio: options.studio })
        : say('not-announced', fault, { fault }),
  });
  const silence = options.announce
    ? await announceOrSay(
        { name: options.name, address: host, port: relay.port, apiUrl: options.studio },
        say,
      )
    : undefined;
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await silence?.();
  await stop();
  const stats = relay.stats();
  await relay.close();
  say('closed', `${stats.forwarded} packets sent on.`, stats);
}

function readKey(file: string): Uint8Array {
  let key: Uint8Array | null = null;
  try {
    key = fromHex(readFileSync(file, 'utf8').trim());
  } catch {
    throw new CommandError(
      'key-missing',
      `Cannot read ${file}: write it with "jamnet relay key > ${file}" on the studio's machine.`,
      EXIT.usage,
    );
  }
  if (key?.length === 32) return key;
  throw new CommandError(
    'key-malformed',
    `${file} holds no key: 64 hex digits, from "jamnet relay key".`,
    EXIT.usage,
  );
}
