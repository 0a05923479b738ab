import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { runningStudio } from '../studio-access.ts';
import { addRoomDiscoverCommand } from './room-discover.ts';

interface InviteOptions {
  readonly data: string;
  readonly room: string;
  readonly hours: string;
  readonly packet: string;
  readonly json?: boolean;
}

/** Rooms for people with a browser, and on the local network. */
export function addRoomCommand(program: Command, context: CommandContext): void {
  const room = program
    .command('room')
    .description('rooms: links for browsers, and who is on the local network');
  room.addHelpText(
    'after',
    '\nExamples:\n  jamnet room invite --room attic --hours 12\n  jamnet room discover',
  );
  addRoomDiscoverCommand(room, context);
  room
    .command('invite')
    .description('make a link to a room: whoever has it can play there until it expires')
    .requiredOption('--room <name>', 'the room')
    .option('--hours <n>', 'how long the link lets people in, 1 to 720', '12')
    .option(
      '--packet <frames>',
      'frames a packet at 48 kHz, the same for all in the room: 64, 128 or 256',
      '128',
    )
    .option('--data <dir>', 'data directory of the running studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet room invite --room attic --hours 12')
    .action(async (options: InviteOptions) => {
      const hours = Number(options.hours);
      const packetFrames = Number(options.packet);
      if (
        !(Number.isInteger(hours) && hours >= 1 && hours <= 720) ||
        ![64, 128, 256].includes(packetFrames)
      ) {
        throw new CommandError(
          'option-invalid',
          '--hours is 1 to 720, --packet is 64, 128 or 256.',
          EXIT.usage,
        );
      }
      const studio = runningStudio(options.data);
      if (studio === null) {
        const message = `No studio runs on ${options.data}. Start one with "npm start", or name its --data directory.`;
        throw new CommandError('studio-not-running', message, EXIT.failed);
      }
      const invited = orEnd(await studio.inviteToRoom({ room: options.room, hours, packetFrames }));
      const until = new Date(invited.expiresAtUs / 1000).toISOString();
      print(
        context,
        options.json,
        { ...invited, expiresAt: until },
        () => `${invited.link}\nLets people in until ${until}.`,
      );
    });
}
