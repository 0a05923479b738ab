import { TakeFile } from '@jamnet/jambox/takes';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { exportTake } from '../takes/export-take.ts';
import { makeFolder } from '../takes/file-fault.ts';
import { importTake } from '../takes/import-take.ts';
import { progressOf } from '../takes/progress-of.ts';
import { readTake, summaryOf, summaryText, type TakeSummary } from '../takes/take-summary.ts';
import { trainingPairs } from '../takes/training-pairs.ts';
import { addTakeErase } from './take-erase.ts';
import { addTakeHeard } from './take-heard.ts';
import { addTakeTransferCommands } from './take-transfer.ts';

interface Json {
  readonly json?: boolean;
}

export function addTakeCommand(program: Command, context: CommandContext): void {
  const take = program
    .command('take')
    .description('multitrack takes (JDAT): look, verify, export, import, pair, compare, move');
  addLookCommands(take, context);
  addExportCommand(take, context);
  addImportCommand(take, context);
  addPairsCommand(take, context);
  addTakeTransferCommands(take, context);
  addTakeHeard(take, context);
  addTakeErase(take, context);
}

function addLookCommands(take: Command, context: CommandContext): void {
  take
    .command('show <file>')
    .description('tracks, length, losses and consent of a take')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take show ada.jdat')
    .action((file: string, options: Json) => {
      const summary = summaryOf(file, readTake(file, false));
      print(context, options.json, summary, () => summaryText(summary));
    });
  take
    .command('verify <file>')
    .description('read every sample, check hashes, order and places')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take verify ada.jdat --json')
    .action((file: string, options: Json) => {
      const content = readTake(file, true);
      const verified: TakeSummary & { contents: readonly string[] } = {
        ...summaryOf(file, content),
        contents: content.state.contents,
      };
      if (!verified.isClosed)
        throw new CommandError(
          'take-not-closed',
          `${file} was cut off; its lines so far are good. Close it with "jamnet take recover ${file}".`,
          EXIT.refused,
        );
      print(
        context,
        options.json,
        verified,
        () => `${summaryText(verified)}\nEvery hash, place and sample is as its last line says.`,
      );
    });
  take
    .command('recover <file>')
    .description('close a take that was cut off by a crash, dropping a torn last line')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take recover ada.jdat')
    .action((file: string, options: Json) => {
      const before = readTake(file, false);
      if (!before.state.isEnded) orEnd(TakeFile.reopen(file), EXIT.usage).finish();
      const summary = { ...summaryOf(file, readTake(file, true)), droppedBytes: before.tornBytes };
      print(
        context,
        options.json,
        summary,
        () => `${summaryText(summary)}\n${before.tornBytes} bytes of a torn line were dropped.`,
      );
    });
}

interface ExportCommandOptions extends Json {
  readonly wav?: boolean;
  readonly flac?: boolean;
  readonly track: readonly string[];
  readonly mix?: boolean;
  readonly asHeard?: boolean;
  readonly out: string;
}

function addExportCommand(take: Command, context: CommandContext): void {
  take
    .command('export <file>')
    .description('write tracks as WAV or FLAC that begin together, or their mix')
    .option('--wav', 'as WAV (the default)')
    .option('--flac', 'as FLAC')
    .option(
      '--track <number>',
      'only this track; may be given again',
      (value, all: string[]) => [...all, value],
      [],
    )
    .option('--mix', 'one file with the sum of the tracks')
    .option('--as-heard', 'holes as the ear had them, instead of silence')
    .requiredOption('--out <folder>', 'folder for the files')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take export ada.jdat --flac --as-heard --out ./stems')
    .action((file: string, options: ExportCommandOptions) => {
      const { state } = readTake(file, false);
      const tracks = options.track.map(Number);
      const unknown = tracks.find((track) => state.tracks[track] === undefined);
      if (unknown !== undefined || (options.wav && options.flac))
        throw new CommandError(
          'option-invalid',
          unknown === undefined
            ? 'Choose --wav or --flac.'
            : `The take has no such track: it has 0 to ${state.tracks.length - 1}.`,
          EXIT.usage,
        );
      makeFolder(options.out);
      const files = exportTake(file, state, {
        format: options.flac ? 'flac' : 'wav',
        tracks,
        mix: options.mix === true,
        asHeard: options.asHeard === true,
        directory: options.out,
        onProgress: progressOf(context, 'Reading the take'),
      });
      print(context, options.json, { fromSample: state.fromSample, files }, () =>
        files
          .map(
            (each) =>
              `${each.file}: ${(each.frames / state.header.sampleRateHz).toFixed(2)} s, ${each.bits} bit`,
          )
          .join('\n'),
      );
    });
}

interface ImportCommandOptions extends Json {
  readonly out: string;
  readonly room: string;
  readonly record?: boolean;
  readonly train?: boolean;
  readonly strangers?: boolean;
}

function addImportCommand(take: Command, context: CommandContext): void {
  take
    .command('import <files...>')
    .description('make a take of WAV or FLAC files that begin together')
    .requiredOption('--out <file>', 'the take; must not be there yet')
    .option('--room <name>', 'name of the room', 'import')
    .option('--record', 'everybody in it agrees that it is kept in an archive')
    .option('--train', 'everybody in it agrees that models train on it')
    .option('--strangers', 'everybody in it agrees that excerpts go to hosts outside the trusted circle')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take import bass.wav drums.flac --record --out evening.jdat')
    .action((files: string[], options: ImportCommandOptions) => {
      const { record = false, train = false, strangers = false, room, out } = options;
      const onProgress = progressOf(context, 'Packing');
      importTake(files, { out, room, consent: { record, train, strangers }, startedAtUs: 0n, onProgress });
      const summary = summaryOf(out, readTake(out, false));
      print(context, options.json, summary, () => summaryText(summary));
    });
}

function addPairsCommand(take: Command, context: CommandContext): void {
  take
    .command('pairs <files...>')
    .description(
      'training pairs: what was sent, and which packets never came in time; where everybody agreed',
    )
    .requiredOption('--out <folder>', 'folder for the WAV files and traces')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take pairs ada.jdat ben.jdat --out ./pairs')
    .action((files: string[], options: Json & { readonly out: string }) => {
      makeFolder(options.out);
      const pairs = trainingPairs(files, options.out);
      print(context, options.json, { pairs }, () =>
        pairs
          .map(
            (pair) =>
              `${pair.sentWav}: ${pair.packets} packets to ${pair.listener}, ${pair.lostPackets} lost (${pair.traceFile})`,
          )
          .join('\n'),
      );
    });
}
