import { Failure } from '@jamnet/base';
import { discoverOnLan } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type DiscoverReport, discoverText } from '../room/discover-text.ts';

const SECONDS_MAX = 60;

interface DiscoverOptions {
  readonly seconds: string;
  readonly json?: boolean;
}

export function addRoomDiscoverCommand(room: Command, context: CommandContext): void {
  room
    .command('discover')
    .description('list the studios and relays that announce themselves on the local network')
    .option('--seconds <n>', `how long to listen, 1 to ${SECONDS_MAX}`, '3')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet room discover --seconds 5')
    .action((options: DiscoverOptions) => discover(context, options));
}

async function discover(context: CommandContext, options: DiscoverOptions): Promise<void> {
  const seconds = /^\d{1,2}$/.test(options.seconds) ? Number(options.seconds) : 0;
  if (seconds < 1 || seconds > SECONDS_MAX)
    throw new CommandError('option-invalid', `--seconds is 1 to ${SECONDS_MAX}.`, EXIT.usage);
  context.stderr.write(`Listening for ${seconds} s …\n`);
  const found = await discoverOnLan(seconds).catch((error: unknown) => {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  });
  const report: DiscoverReport = { services: found.list(), turnedAway: found.turnedAway };
  print(context, options.json, report, () => discoverText(report));
}
