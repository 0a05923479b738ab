import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLICK_MODES } from '@jamnet/jambox/music';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { readConsent } from '../room/consent.ts';
import {
  joinAndPlay,
  type PlaySource,
  type RoomOptions,
  reportText,
  requireRelay,
} from '../room/join-and-play.ts';
import { printServiceUnit } from '../room/print-service-unit.ts';
import { withRoomOptions } from '../room/room-options.ts';
import { reportContext, soundWays } from '../room/sound-ways.ts';
import { readTempo } from '../room/tempo.ts';
import { wavSource } from '../room/wav-source.ts';

interface PlayCommandOptions extends RoomOptions {
  wav?: string;
  input?: string;
  midi?: string;
  midiOut?: string;
  click: string;
  tempo?: string;
  consent: string;
  service?: boolean;
}

export function addPlayCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('play')
    .description(
      'play a file, a sound card, a pipe or notes into a room in real time, and keep what the others play',
    );
  withRoomOptions(command, context)
    .option('--wav <file>', 'what to play; any rate, channels are mixed to one')
    .option('--input <->', '"-" plays stdin: raw 16-bit little-endian mono at 48 kHz')
    .option('--midi <file>', 'standard MIDI file to play into the room, alone or beside sound')
    .option('--midi-out <port>', "raw MIDI port for the others' notes, such as /dev/snd/midiC1D0")
    .option(
      '--click <mode>',
      'the room’s beat in your ear alone: off, plain, or band, which follows what is played',
      'off',
    )
    .option(
      '--tempo <bpm[/beats]>',
      'the room’s beat, where it has none yet: clicks, and drums sounded by forecast (of four beats a bar), go by it',
    )
    .option(
      '--consent <list>',
      'what others may do with your sound: record, train, strangers; with "none" nobody keeps a recording of it',
      'none',
    )
    .option('--service', 'print a systemd unit that runs this very command at every start, and play nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet play --room blue --player ann --wav guitar.wav --out ./heard --consent record\n  jamnet play --room blue --player ann --device hw:1,0 --packet 64 --click band --tempo 120\n  jamnet play --room blue --player ann --midi drums.mid --tempo 92.5/4\n  sox guitar.flac -t raw -r 48000 -e signed -b 16 -c 1 - | jamnet play --room blue --player ann --input -',
    )
    .action((options: PlayCommandOptions) => play(context, options));
}

async function play(context: CommandContext, options: PlayCommandOptions): Promise<void> {
  const consent = readConsent(options.consent);
  const click = CLICK_MODES.find((mode) => mode === options.click);
  if (click === undefined)
    throw new CommandError('option-invalid', `--click is ${CLICK_MODES.join(', ')}.`, EXIT.usage);
  const beat = options.tempo === undefined ? {} : { beat: readTempo(options.tempo) };
  if (options.service) {
    printServiceUnit(context, options);
    return;
  }
  if (options.input !== undefined && options.input !== '-')
    throw new CommandError('option-invalid', '--input is "-": name files with --wav.', EXIT.usage);
  const ways = soundWays(options, options.input === '-');
  const isNothing = options.wav === undefined && options.midi === undefined;
  if (isNothing && ways.device === undefined && options.input === undefined) {
    const message = 'Say what to play: --wav FILE, --device NAME, --input - or --midi FILE.';
    throw new CommandError('option-invalid', message, EXIT.usage);
  }
  if (options.wav !== undefined && options.input !== undefined)
    throw new CommandError('option-invalid', 'Give --wav or --input, not both.', EXIT.usage);
  const scratch = mkdtempSync(join(tmpdir(), 'jamnet-play-'));
  try {
    const source = {
      click,
      ...beat,
      ...ways,
      ...wavSource(context, options.wav, scratch),
      ...noteSource(options),
    };
    const report = await joinAndPlay(context, options, source, consent);
    print(reportContext(context, options), options.json, report, () => reportText(report));
    requireRelay(report);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function noteSource({ midi, midiOut }: PlayCommandOptions): PlaySource {
  return {
    ...(midi === undefined ? {} : { midiFile: midi }),
    ...(midiOut === undefined ? {} : { midiOut }),
  };
}
