import { readFileSync } from 'node:fs';
import { decrypterOf, restoreBackup } from '@jamnet/studio';
import type { Command } from 'commander';
import { fileProgress } from '../backup/file-progress.ts';
import { restoredText, restoredView } from '../backup/restored-text.ts';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addOpenOptions, needEmbeddedStore, type OpenOptions, openersOf } from './backup.ts';

interface RestoreOptions extends OpenOptions {
  checkpoint?: string;
  acceptLoss?: boolean;
  data: string;
}

export function addRestoreCommand(program: Command, context: CommandContext): void {
  addOpenOptions(program.command('restore').argument('<file>', 'a backup'))
    .description(
      'bring a studio back from a backup, into an empty directory, audited before it takes its place',
    )
    .option('--data <dir>', 'data directory; must be empty or not there', context.dataDirectory)
    .option(
      '--checkpoint <file>',
      "the newest checkpoint of this studio's log that a witness, mirror or auditor holds",
    )
    .option('--accept-loss', 'restore although that checkpoint vouches for entries that the backup has not')
    .addHelpText(
      'after',
      '\nA log that goes on from fewer entries than it has signed contradicts itself, and witnesses refuse it: give the newest --checkpoint you can get (PUBLIC/log/checkpoint of any mirror).\n\nExamples:\n  jamnet restore jamnet-2026-11-23T02-00-00Z.age --key jamnet-backup.key --data ./studio\n  jamnet restore backup.age --passphrase-file secret --checkpoint mirror/log/checkpoint --json',
    )
    .action((file: string, options: RestoreOptions) => restore(context, file, options));
}

async function restore(context: CommandContext, file: string, options: RestoreOptions): Promise<void> {
  const { data, json, checkpoint, acceptLoss = false } = options;
  needEmbeddedStore(context);
  const progress = fileProgress(context, json, 'unpacked');
  const report = await restoreBackup({
    file,
    dataDirectory: data,
    decrypter: decrypterOf(openersOf(options)),
    checkout: context.checkout,
    ...(checkpoint === undefined ? {} : { seen: readCheckpoint(checkpoint) }),
    acceptLoss,
    onProgress: progress.tell,
  });
  progress.end();
  print(context, json, { dataDirectory: data, ...restoredView(report) }, () =>
    [`The studio is in ${data}: start it with "jamnet up --data ${data}".`, restoredText(report)].join('\n'),
  );
}

function readCheckpoint(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new CommandError('checkpoint-absent', `There is no checkpoint ${file}.`, EXIT.usage);
  }
}
