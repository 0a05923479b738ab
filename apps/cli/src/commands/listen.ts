import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { joinAndPlay, type RoomOptions, reportText, requireRelay } from '../room/join-and-play.ts';
import { withRoomOptions } from '../room/room-options.ts';
import { reportContext, soundWays } from '../room/sound-ways.ts';
import { silentSource } from '../room/wav-source.ts';

export function addListenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('listen')
    .description('sit in a room without playing and keep what is heard, until the players leave');
  withRoomOptions(command, context)
    .addHelpText('after', '\nExample:\n  jamnet listen --room blue --player audience --out ./heard')
    .action((options: RoomOptions) => listen(context, options));
}

/** A listener is a peer whose own stream is empty. */
async function listen(context: CommandContext, options: RoomOptions): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'jamnet-listen-'));
  try {
    const source = { ...silentSource(scratch), ...soundWays(options, false) };
    const consent = { record: false, train: false, strangers: false };
    const report = await joinAndPlay(context, options, source, consent);
    print(reportContext(context, options), options.json, report, () => reportText(report));
    requireRelay(report);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
