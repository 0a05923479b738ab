import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MidiPerformance, performanceOfMidi } from '@jamnet/groove';
import { parseMidi } from 'midi-file';
import { CommandError, EXIT } from '../exit-codes.ts';

const FILES_MAX = 100_000;

/** A MIDI file, or all below a folder, in a fixed order. */
export function midiFiles(path: string): string[] {
  if (/\.midi?$/i.test(path)) return [path];
  let names: string[];
  try {
    names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  } catch {
    throw new CommandError(
      'input-unreadable',
      `Cannot read ${path}: name a MIDI file or a folder of them.`,
      EXIT.usage,
    );
  }
  const files = names.filter((name) => /\.midi?$/i.test(name)).sort();
  if (files.length === 0 || files.length > FILES_MAX) {
    throw new CommandError(
      'input-empty',
      `${path} holds ${files.length} MIDI files; 1 to ${FILES_MAX} can be scored.`,
      EXIT.usage,
    );
  }
  return files.map((name) => join(path, name));
}

/** The drums of a file, or the code of what is wrong with it. */
export function readPerformance(file: string): MidiPerformance | string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CommandError('input-unreadable', `Cannot read ${file}.`, EXIT.usage);
  }
  try {
    const performance = performanceOfMidi(parseMidi(bytes));
    return performance.ok ? performance.value : performance.code;
  } catch {
    // midi-file throws on bytes that are no MIDI.
    return 'not-midi';
  }
}

export const SPLIT_OPTION = [
  '--split <name>',
  'only the files of this split, as the info.csv of the Groove MIDI Dataset in the folder says',
] as const;

export interface ReadPerformances {
  readonly files: number;
  readonly performances: readonly MidiPerformance[];
  /** How many files were left out, by code. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** All performances of a folder, or those of one split. */
export function readPerformances(path: string, split: string | undefined): ReadPerformances {
  const files = split === undefined ? midiFiles(path) : filesOfSplit(path, split);
  const performances: MidiPerformance[] = [];
  const skipped: Record<string, number> = {};
  for (const file of files) {
    const performance = readPerformance(file);
    if (typeof performance === 'string') skipped[performance] = (skipped[performance] ?? 0) + 1;
    else performances.push(performance);
  }
  return { files: files.length, performances, skipped };
}

function filesOfSplit(directory: string, split: string): string[] {
  let table: string;
  try {
    table = readFileSync(join(directory, 'info.csv'), 'utf8');
  } catch {
    throw new CommandError(
      'input-unreadable',
      `--split needs ${directory}/info.csv, which cannot be read.`,
      EXIT.usage,
    );
  }
  const [head = '', ...rows] = table.trim().split(/\r?\n/);
  const columns = head.split(',');
  const [name, which] = [columns.indexOf('midi_filename'), columns.indexOf('split')];
  const fields = rows.map((row) => row.split(','));
  const files = fields.filter((row) => row[which] === split).map((row) => join(directory, row[name] ?? ''));
  if (name < 0 || which < 0 || files.length === 0)
    throw new CommandError(
      'input-empty',
      `${directory}/info.csv lists no file of the split ${split}.`,
      EXIT.usage,
    );
  return files.sort();
}
