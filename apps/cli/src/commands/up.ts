import { hostname } from 'node:os';
import { Failure } from '@jamnet/base';
import {
  firstOperatorLink,
  isApart,
  openStudio,
  runRelayRole,
  type Studio,
  type StudioConfig,
} from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { announcedAddress, announceOrSay } from '../room/announce-or-say.ts';
import { checkSettings, configInvalid } from '../studio-settings.ts';
import { ProgressBars } from '../terminal/progress-bar.ts';

interface UpOptions {
  data?: string;
  config?: string;
  port?: string;
  host?: string;
  seed?: string;
  profile?: string;
  roles?: string;
  relays?: string;
  relayPort?: string;
  publicUrl?: string;
  tlsCert?: string;
  tlsKey?: string;
  behindProxy?: string;
  objects?: string;
  objectsEndpoint?: string;
  objectsRegion?: string;
  tracesEndpoint?: string;
  tracesRatio?: string;
  sample: boolean;
  once?: boolean;
  announce?: boolean;
  json?: boolean;
}

export function addUpCommand(program: Command, context: CommandContext): void {
  program
    .command('up')
    .description(
      'start the studio: page, API, relay and coordinator; runs the sample evening in a new data directory',
    )
    .option('--data <dir>', `where everything is kept (default ${context.dataDirectory})`)
    .option(
      '--config <file>',
      'JSON file of settings; see "jamnet config check --help" (default: what JAMNET_CONFIG names)',
    )
    .option('--port <port>', 'port of the page; 0 lets the system choose (default 8440, with --once 0)')
    .option(
      '--host <address>',
      'address to listen on; others than loopback need --public-url. 0.0.0.0 is all of them; a machine with several on one network names the one that people use (default 127.0.0.1)',
    )
    .option(
      '--public-url <url>',
      'https://NAME under which others reach the studio; needs TLS, here or in a proxy',
    )
    .option(
      '--tls-cert <file>',
      'PEM file of the certificate and its chain; a renewed one is taken while running',
    )
    .option('--tls-key <file>', 'PEM file of its key')
    .option(
      '--behind-proxy <addresses>',
      'addresses of the proxy that ends TLS in front of the studio, separated by commas; it must pass on Host and set X-Forwarded-For',
    )
    .option(
      '--relays <count>',
      'relays to run, each in a process of its own; a room opens on the nearest, of equals on the one with least to do (default 1)',
    )
    .option(
      '--relay-port <port>',
      'UDP port of the first relay, those of others follow (default: the system chooses)',
    )
    .option(
      '--roles <roles>',
      'what this process does of relay,coordinator,api,epoch,web; others of the same studio do the rest, over DATABASE_URL and NATS_URL and with one JAMNET_ROOT_SECRET_FILE (default: all)',
    )
    .option('--objects <place>', 's3://BUCKET/PREFIX or a directory that keeps takes and models too')
    .option('--objects-endpoint <url>', "URL of an S3 server (default: Amazon's own)")
    .option('--objects-region <region>', 'region of the bucket (default us-east-1)')
    .option('--traces-endpoint <url>', 'URL of an OpenTelemetry collector (OTLP over HTTP) that gets traces')
    .option('--traces-ratio <share>', 'share of traces that are sent, 0 to 1 (default 1)')
    .option('--seed <text>', "seed of the sample evening's chance (default jamnet)")
    .option(
      '--profile <principal>',
      'sample where this studio spends its processor time, for the principal who pays for it and has agreed: their money then goes by what their own sessions ran (default: nothing is sampled)',
    )
    .option('--no-sample', 'leave the sample evening out')
    .option(
      '--announce',
      "tell this machine's networks of the relay by multicast DNS (on loopback: programs on this machine only)",
    )
    .option('--once', 'run the sample evening, print its result and end')
    .option('--json', 'one JSON object on stdout (with --once), or one JSON line per event')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet up\n  jamnet up --once --json --data /tmp/jamnet-try\n  jamnet up --no-sample --port 9000\n  jamnet up --announce\n  jamnet up --relays 2\n  jamnet up --roles api,web\n  jamnet up --roles relay --relay-port 8450\n  jamnet up --profile tenant-7\n  jamnet up --config /etc/jamnet/studio.json\n  NATS_URL=nats://127.0.0.1:4222 jamnet up\n  jamnet up --host 0.0.0.0 --port 8440 --relay-port 8450 --public-url https://studio.example:8440 --tls-cert chain.pem --tls-key key.pem\n  jamnet up --public-url https://studio.example --behind-proxy 127.0.0.1 --relay-port 8450\n\nWith a public URL open these ports: TCP and UDP of --port (pages; behind a proxy UDP alone), UDP of the relays from --relay-port on.',
    )
    .action((options: UpOptions) => up(context, options));
}

async function up(context: CommandContext, options: UpOptions): Promise<void> {
  const port = options.port ?? (options.once ? '0' : undefined);
  const { data, host, seed, profile, relays, relayPort, publicUrl, tlsCert, tlsKey, behindProxy } = options;
  const { objects, objectsEndpoint, objectsRegion, roles, tracesEndpoint, tracesRatio } = options;
  const given = {
    ...{ data, host, seed, profile, port, relays, relayPort, publicUrl, tlsCert, tlsKey, behindProxy },
    ...{ objects, objectsEndpoint, objectsRegion, roles, tracesEndpoint, tracesRatio },
  };
  const { config, issues } = checkSettings(context, given, options.config);
  if (config === null) throw configInvalid(issues);
  if (config.roles.every((role) => role === 'relay')) return relaysAlone(context, options, config);
  if (options.once && isApart(config.roles))
    throw new CommandError(
      'config-invalid',
      '--once runs the sample evening, which needs all roles: leave --roles out.',
      EXIT.usage,
    );
  const studio = orEnd(await openStudio(config, { checkout: context.checkout, create: true }));
  const interrupted = untilInterrupted();
  const stopping = new AbortController();
  void interrupted.then(() => stopping.abort());
  let silence = async (): Promise<void> => undefined;
  try {
    const url = await studio.listen(stopping.signal).catch(orInterrupted);
    announce(context, options, url);
    await tellFirstOperator(context, options, studio, url);
    if (options.announce) silence = await announceStudio(context, options, studio, url, config);
    if (options.once || (options.sample && studio.wantsEvening)) {
      const running = evening(context, options, studio);
      const isStopped = await Promise.race([running, interrupted.then(() => true)]);
      if (isStopped) {
        // What is under way ends with the process; its step is done anew at the next start.
        running.catch(() => undefined);
        context.stderr.write(
          '\nStopped in the middle; the same command goes on from the last finished step.\n',
        );
        await silence();
        await studio.close();
        process.exit(EXIT.interrupted);
      }
    }
    if (!options.once) await interrupted;
  } finally {
    await silence();
    await studio.close();
  }
}

/** Relays need neither data directory nor database. */
async function relaysAlone(context: CommandContext, options: UpOptions, config: StudioConfig): Promise<void> {
  const interrupted = untilInterrupted();
  const relays = await runRelayRole(config, Buffer.from(config.rootSecretHex ?? '', 'hex'));
  if (options.json)
    context.stdout.write(
      `${JSON.stringify({ event: 'listening', url: relays.url, relay: relays.relayAddress })}\n`,
    );
  else
    context.stderr.write(
      `\n  A relay is at ${relays.relayAddress.host}:${relays.relayAddress.port}/udp and tells how it is at ${relays.url}  (Ctrl+C ends it)\n\n`,
    );
  await interrupted;
  await relays.close();
}

/** Who is stopped while waiting for others has not failed. */
function orInterrupted(error: unknown): never {
  if (error instanceof Failure && error.code === 'bus-wait-ended')
    throw new CommandError(error.code, error.message, EXIT.interrupted);
  throw error;
}

function untilInterrupted(): Promise<void> {
  return new Promise<void>((resolve) => {
    // `on`, for a second Ctrl+C must not cut the closing short: it would leave the lock behind.
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
}

function announceStudio(
  context: CommandContext,
  options: UpOptions,
  studio: Studio,
  url: string,
  { exposure, host }: StudioConfig,
): Promise<() => Promise<void>> {
  const { host: near, port } = studio.relayAddress;
  const address = announcedAddress(exposure === null ? { host } : { publicUrl: exposure.origin, host }, near);
  return announceOrSay({ name: hostname(), address, port, apiUrl: url }, (event, text, facts) => {
    if (options.once) return;
    if (options.json) context.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
    else context.stderr.write(`  ${text}\n\n`);
  });
}

function announce(context: CommandContext, options: UpOptions, url: string): void {
  if (options.once) return;
  if (options.json) context.stdout.write(`${JSON.stringify({ event: 'listening', url })}\n`);
  else context.stderr.write(`\n  JAMNet is at ${url}  (Ctrl+C ends it)\n\n`);
}

/** A studio without an operator prints a link that makes one, anew at each start until it is used. */
async function tellFirstOperator(
  context: CommandContext,
  options: UpOptions,
  studio: Studio,
  url: string,
): Promise<void> {
  if (options.once || !studio.services.roles.includes('api')) return;
  const link = await firstOperatorLink(studio.services.accounts, url);
  if (link === null) return;
  if (options.json) context.stdout.write(`${JSON.stringify({ event: 'operator-link', link })}\n`);
  else {
    context.stderr.write(
      `  It has no operator yet. Who opens this link becomes one, with a passkey:\n  ${link}\n\n`,
    );
  }
}

/** Answers false: nobody stopped it. */
async function evening(context: CommandContext, options: UpOptions, studio: Studio): Promise<false> {
  const bars = new ProgressBars(context.stderr, () => performance.now());
  const report = await studio.runEvening((step, index, count) => bars.show(step, index, count));
  if (options.once) print(context, options.json, report, () => JSON.stringify(report, null, 2));
  else if (options.json) context.stdout.write(`${JSON.stringify({ event: 'evening', report })}\n`);
  else
    context.stderr.write(
      '\n  The evening is in the books. Open the page to see it, or run "npm run jamnet -- audit".\n',
    );
  return false;
}
