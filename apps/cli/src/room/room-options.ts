import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

/** The options that playing and listening share. */
export function withRoomOptions(command: Command, context: CommandContext): Command {
  return command
    .requiredOption('--room <name>', 'the room to join')
    .requiredOption('--player <name>', 'how others see you')
    .option('--out <dir>', 'where WAV files and takes are written', '.')
    .option('--packet <frames>', 'frames a packet at 48 kHz: 64, 128 or 256', '128')
    .option('--bits <16|24>', 'width of the samples sent from a file or card; recordings keep 16', '16')
    .option(
      '--copies <list>',
      'which earlier packets each datagram repeats, or "none"; "auto": as listeners report losses',
      'auto',
    )
    .option('--bandwidth-max <times>', 'most that is sent, by the sound itself', '4.2')
    .option('--delay <ms>', 'fixed playout delay; without it the buffer follows the network')
    .option(
      '--playout <mode>',
      'adaptive: takes out the drift between sound cards; packets: whole packets as they were sent; by default as the card needs it',
    )
    .option('--device <name>', 'sound card by its ALSA name, such as "hw:1,0" or "default"')
    .option('--output <->', '"-" writes what is heard to stdout: raw 16-bit little-endian mono at 48 kHz')
    .option('--led <dir>', 'LED that shows joining, playing and trouble, such as /sys/class/leds/ACT')
    .option(
      '--direct <on|off>',
      'straight to players who want it too; you learn each other’s IP address',
      'on',
    )
    .option(
      '--wait <players>',
      'begin when so many play in the room, you included; listeners do not count',
      '2',
    )
    .option('--data <dir>', 'data directory of the running studio', context.dataDirectory)
    .option('--studio <url>', 'a studio elsewhere, instead of the one that runs on --data')
    .option('--token-file <file>', 'file with its operator token (default: operator.token in --data)')
    .option('--json', 'the report as one JSON object on stdout');
}
