import type { Result } from '@jamnet/base';
import { eraseStoredTake, fetchStudioObjects } from '@jamnet/studio/operations';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
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
      'bring back takes that the store has and the data directory has not, and released models whose files are lost; the studio is stopped',
    )
    .addHelpText(
      'after',
      '\nEach take passes the checks of the archive, each model those of the signed list that names it.\nExits with 3 while a studio runs there.\n\nExample:\n  JAMNET_OBJECTS_KEY_ID_FILE=key JAMNET_OBJECTS_SECRET_FILE=secret jamnet objects fetch --objects s3://jam/studio',
    )
    .action(async (options: ObjectsOptions) => {
      const { dataDirectory, place } = placeOf(context, options);
      const fetched = await fetchStudioObjects(dataDirectory, place, (sha256) => {
        if (!options.json) context.stderr.write(`  ${sha256}\n`);
      });
      const { takes, models } = orEndRight(fetched);
      print(
        context,
        options.json,
        { takes, models },
        () => `${takes} takes and ${models} models were brought back.`,
      );
    });
  withPlace(objects.command('erase').argument('<take>', 'its id: 64 hex digits'), context)
    .description('take a take out of the store for good; its id is refused there from then on')
    .addHelpText(
      'after',
      '\nWhat is taken out of the archive while the studio runs is erased within a minute without this.\n\nExample:\n  jamnet objects erase 3a7d…64 hex digits --objects /mnt/store',
    )
    .action(async (take: string, options: ObjectsOptions) => {
      const { wasThere } = orEndRight(await eraseStoredTake(placeOf(context, options).place, take));
      print(context, options.json, { erased: take, wasThere }, () =>
        wasThere
          ? `${take} is gone from the store.`
          : `${take} was not in the store; it is refused there from now on.`,
      );
    });
}

/** What the command line says wrongly ends it as such; what a running studio refuses, as a refusal. */
function orEndRight<T>(result: Result<T>): T {
  const isLine = !result.ok && ['object-name-invalid', 'objects-absent'].includes(result.code);
  return orEnd(result, isLine ? EXIT.usage : EXIT.refused);
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
