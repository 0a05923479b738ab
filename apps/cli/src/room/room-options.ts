import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

/** The options that playing and listening share. */
export function withRoomOptions(command: Command, context: CommandContext): Command {
  return command
    .requiredOption('--room <name>', 'the room to join')
    .requiredOption('--player <name>', 'how others see you')
    .option('--out <dir>', 'where WAV files and takes are written', '.')
    .option('--packet <frames>', 'frames a packet at 48 kHz: 64, 128 or 256', '128')
    .option('--copies <list>', 'which earlier packets each datagram repeats, or "none"', '1,3')
    .option('--delay <ms>', 'fixed playout delay; without it the buffer follows the network')
    .option(
      '--direct <on|off>',
      'straight to players who want it too; you learn each other’s IP address',
      'on',
    )
    .option('--wait <players>', 'begin when so many are in the room', '2')
    .option('--data <dir>', 'data directory of the running studio', context.dataDirectory)
    .option('--json', 'the report as one JSON object on stdout');
}
