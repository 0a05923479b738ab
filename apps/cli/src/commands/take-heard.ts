import { readFileSync } from 'node:fs';
import { decodeWav } from '@jamnet/jdat';
import { HeardBefore } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

/** Tells what each recording brings that those named before it had not. */
export function addTakeHeard(take: Command, context: CommandContext): void {
  take
    .command('heard')
    .description(
      'how much of each recording is new beside those named before it: re-uploads and loops are not',
    )
    .argument('<wav...>', 'recordings, the earliest first; their first channel is compared')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExample:\n  jamnet take heard first.wav second.wav --json')
    .action((files: string[], options: { json?: boolean }) => {
      const memory = new HeardBefore();
      const rows = files.map((file) => {
        const { samples, rateHz } = readWav(file);
        const { stretches, repeated, unrecognisable, sources } = orEnd(memory.take(file, samples, rateHz));
        context.stderr.write(`${file} compared\n`);
        return {
          file,
          stretches,
          repeated,
          unrecognisable,
          unique: stretches - repeated - unrecognisable,
          sources,
        };
      });
      print(context, options.json, { takes: rows }, () =>
        rows
          .map(({ file, stretches, unique, sources }) => {
            const from = sources.length > 0 ? `; heard in ${sources.join(', ')}` : '';
            return `${file}: ${unique} of ${stretches} stretches of two seconds are new${from}`;
          })
          .join('\n'),
      );
    });
}

function readWav(file: string): { samples: Float32Array; rateHz: number } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CommandError('input-unreadable', `Cannot read ${file}: name a WAV file.`, EXIT.usage);
  }
  const wav = decodeWav(bytes);
  const samples = wav.ok ? wav.value.channels[0] : undefined;
  if (wav.ok && samples) return { samples, rateHz: wav.value.sampleRateHz };
  throw new CommandError(
    'not-wav',
    `${file} is no WAV file that can be read: convert it to PCM.`,
    EXIT.usage,
  );
}
