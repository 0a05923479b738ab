import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWav, encodeWav } from '@jamnet/jdat';
import { resample } from '@jamnet/pnbtr';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { joinAndPlay, type RoomOptions, reportText } from '../room/join-and-play.ts';
import { withRoomOptions } from '../room/room-options.ts';
import { serviceUnit } from '../room/service-unit.ts';

interface PlayCommandOptions extends RoomOptions {
  wav: string;
  consent: string;
  service?: boolean;
}

const ROOM_RATE_HZ = 48_000;
const CONSENTS = ['record', 'train', 'strangers'] as const;

export function addPlayCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('play')
    .description('play a WAV file into a room in real time and keep what the others play');
  withRoomOptions(command, context)
    .requiredOption('--wav <file>', 'what to play; any rate, channels are mixed to one')
    .option(
      '--consent <list>',
      'what others may do with your sound: record, train, strangers, or "none"',
      'none',
    )
    .option('--service', 'print a systemd unit that runs this very command at every start, and play nothing')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet play --room blue --player ann --wav guitar.wav --out ./heard --consent record',
    )
    .action((options: PlayCommandOptions) => play(context, options));
}

async function play(context: CommandContext, options: PlayCommandOptions): Promise<void> {
  const given = options.consent === 'none' ? [] : options.consent.split(',');
  if (!given.every((each) => CONSENTS.some((known) => known === each))) {
    throw new CommandError(
      'option-invalid',
      `--consent lists ${CONSENTS.join(', ')}, or is "none".`,
      EXIT.usage,
    );
  }
  if (options.service) {
    const [main = '', ...words] = context.processWords ?? [];
    context.stdout.write(
      serviceUnit(
        main,
        words.filter((word) => word !== '--service'),
      ),
    );
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'jamnet-play-'));
  try {
    const input = join(scratch, 'input.wav');
    writeFileSync(input, roomWav(options.wav));
    const consent = {
      record: given.includes('record'),
      train: given.includes('train'),
      strangers: given.includes('strangers'),
    };
    const report = await joinAndPlay(context, options, input, consent);
    print(context, options.json, report, () => reportText(report));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The file as the room wants it: one channel at 48 kHz. */
function roomWav(file: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CommandError(
      'input-unreadable',
      `Cannot read ${file}: give the path of a WAV file.`,
      EXIT.usage,
    );
  }
  const { sampleRateHz, channels } = orEnd(decodeWav(bytes), EXIT.usage);
  const mono = Float32Array.from(
    channels[0] ?? [],
    (_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length,
  );
  const samples = sampleRateHz === ROOM_RATE_HZ ? mono : resample(mono, sampleRateHz, ROOM_RATE_HZ);
  return encodeWav({ sampleRateHz: ROOM_RATE_HZ, channels: [samples] }, { bitsPerSample: 16 });
}
