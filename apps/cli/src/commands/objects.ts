import { eraseStoredTake, fetchStudioTakes } from '@jamnet/studio/operations';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { checkSettings, configInvalid } from '../studio-settings.ts';

interface ObjectsOptions {
  data?: string;
  config?: string;
  objects?: string;
  json?: boolean;
}

export function addObjectsCommand(program: Command, context: CommandContext): void {
  const objects = program
    .command('objects')
    .description(
      'the object store (a directory or S3) that keeps takes and models beside the data directory',
    );
  withPlace(objects.command('fetch'), context)
    .description(
      'bring back the takes that the store has and the data directory has not; the studio is stopped',
    )
    .addHelpText(
      'after',
      '\nEach take passes the checks of the archive.\n\nExample:\n  JAMNET_OBJECTS_KEY_ID_FILE=key JAMNET_OBJECTS_SECRET_FILE=secret jamnet objects fetch --objects s3://jam/studio',
    )
    .action(async (options: ObjectsOptions) => {
      const { dataDirectory, place } = placeOf(context, options);
      const takes = await fetchStudioTakes(dataDirectory, place, (sha256) => {
        if (!options.json) context.stderr.write(`  ${sha256}\n`);
      });
      print(context, options.json, { takes }, () => `${takes} takes were brought back.`);
    });
  withPlace(objects.command('erase').argument('<take>', 'its id: 64 hex digits'), context)
    .description('take a take out of the store for good; its id is refused there from then on')
    .addHelpText(
      'after',
      '\nWhat is taken out of the archive while the studio runs is erased within a minute without this.\n\nExample:\n  jamnet objects erase 3a7d…64 hex digits --objects /mnt/store',
    )
    .action(async (take: string, options: ObjectsOptions) => {
      await eraseStoredTake(placeOf(context, options).place, take);
      print(context, options.json, { erased: take }, () => `${take} is gone from the store.`);
    });
}

function withPlace(command: Command, context: CommandContext): Command {
  return command
    .option('--data <dir>', `data directory of the studio (default ${context.dataDirectory})`)
    .option('--objects <place>', 's3://BUCKET/PREFIX or a directory (default: what the settings say)')
    .option('--config <file>', 'JSON file of settings (default: what JAMNET_CONFIG names)')
    .option('--json', 'one JSON object on stdout');
}

function placeOf(context: CommandContext, { data, objects, config: file }: ObjectsOptions) {
  const { config, issues } = checkSettings(context, { data, objects }, file);
  if (config === null) throw configInvalid(issues);
  if (config.objects === null)
    throw new CommandError(
      'objects-unset',
      'No object store is named: give --objects s3://BUCKET/PREFIX, or set JAMNET_OBJECTS.',
      EXIT.usage,
    );
  return { dataDirectory: config.dataDirectory, place: config.objects };
}
