import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  applyProfile,
  type GrooveProfile,
  measureProfiles,
  type ProfileGain,
  profileOf,
  profileSvg,
  readProfile,
} from '@jamnet/groove';
import type { Command } from 'commander';
import { parseMidi, writeMidi } from 'midi-file';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { readPerformance, readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface ProfileOptions {
  midi: string;
  out?: string;
  svg?: string;
  json?: boolean;
}

interface ApplyOptions {
  midi: string;
  profile: string;
  out: string;
  strength: string;
  json?: boolean;
}

export function addGrooveProfile(groove: Command, context: CommandContext): void {
  groove
    .command('profile')
    .description(
      'push and pull of one performance by instrument and step, with its dynamics: as JSON, and drawn',
    )
    .requiredOption('--midi <file>', 'the performance')
    .option('--out <file>', 'write the profile there, for "jamnet groove apply"')
    .option('--svg <file>', 'draw it there')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet groove profile --midi take.mid --out take.groove.json --svg take.svg',
    )
    .action((options: ProfileOptions) => {
      const profile = profileOf(performanceIn(options.midi).hits);
      const [text, drawing] = [
        `${JSON.stringify(profile, null, 1)}\n`,
        profileSvg(profile, basename(options.midi)),
      ];
      if (options.out !== undefined) writeFileSync(options.out, text);
      if (options.svg !== undefined) writeFileSync(options.svg, drawing);
      print(context, options.json, profile, () => profileText(profile));
    });
}

export function addGrooveApply(groove: Command, context: CommandContext): void {
  groove
    .command('apply')
    .description('play the drums of a quantised MIDI file the way the drummer of a profile does')
    .requiredOption('--midi <file>', 'the part')
    .requiredOption('--profile <file>', 'a profile, as "jamnet groove profile --out" writes it')
    .requiredOption('--out <file>', 'the part as it is played')
    .option('--strength <percent>', 'how far strokes are moved and accented, 0 to 100', '100')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet groove apply --midi grid.mid --profile take.groove.json --out played.mid --strength 80',
    )
    .action((options: ApplyOptions) => apply(context, options));
}

export function addGrooveProfileGain(groove: Command, context: CommandContext): void {
  groove
    .command('profile-gain')
    .description(
      'what profiles bring: learnt from the first half of each performance, heard against the second, beside the bare grid',
    )
    .requiredOption('--midi <dir>', 'a folder of performances')
    .option(...SPLIT_OPTION)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet groove profile-gain --midi ./groove --split validation')
    .action(({ midi, split, json }: { midi: string; split?: string; json?: boolean }) => {
      const { performances } = readPerformances(midi, split);
      const gain = measureProfiles(performances.map(({ hits }) => hits));
      if (gain.strokes === 0)
        throw new CommandError(
          'input-empty',
          'No performance has the eight bars that two halves need.',
          EXIT.usage,
        );
      print(context, json, gain, () => gainText(gain));
    });
}

function apply(context: CommandContext, options: ApplyOptions): void {
  const strength = /^\d{1,3}$/.test(options.strength) ? Number(options.strength) : 101;
  if (strength > 100) throw new CommandError('option-invalid', '--strength is 0 to 100.', EXIT.usage);
  const profile = orEnd(readProfile(jsonIn(options.profile)));
  performanceIn(options.midi); // Refuses what is no drum part in 4/4.
  const part = parseMidi(readFileSync(options.midi));
  const { ticksPerBeat = 0 } = part.header;
  const { tracks, strokes } = applyProfile({ ticksPerBeat, tracks: part.tracks }, profile, strength);
  writeFileSync(options.out, Uint8Array.from(writeMidi({ header: part.header, tracks })));
  const report = { strokes, out: options.out };
  print(context, options.json, report, () => `${strokes} strokes played into ${options.out}`);
}

function performanceIn(file: string) {
  const performance = readPerformance(file);
  if (typeof performance === 'string')
    throw new CommandError(performance, `${file} is no 4/4 drum performance that can be read.`, EXIT.usage);
  return performance;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new CommandError('input-unreadable', `Cannot read ${file} as JSON.`, EXIT.usage);
  }
}

function profileText({ bars, cells }: GrooveProfile): string {
  const strokes = cells.reduce((sum, { count }) => sum + count, 0);
  return `${strokes} strokes in ${cells.length} cells over ${bars} bars; --out keeps the profile, --svg draws it`;
}

function gainText({ strokes, quantised, profiled }: ProfileGain): string {
  const line = (name: string, { offsetMs, velocity }: ProfileGain['quantised']): string =>
    `${name.padEnd(22)} ${offsetMs.toFixed(2).padStart(8)} ms ${velocity.toFixed(2).padStart(8)} velocity`;
  return [
    `mean error over ${strokes} strokes of second halves`,
    line('on the grid, flat', quantised),
    line('by the profile', profiled),
  ].join('\n');
}
