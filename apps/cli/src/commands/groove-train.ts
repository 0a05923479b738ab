import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { seededChance } from '@jamnet/base';
import {
  encodeModel,
  examplesOf,
  HOUSE_PRIORS,
  type Horizon,
  MEMBERS_MAX,
  TRAINING_PLAN,
  train,
} from '@jamnet/groove';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type ReadPerformances, readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface TrainOptions {
  midi: string;
  split?: string;
  out: string;
  seed: string;
  members: string;
  epochs: string;
  json?: boolean;
}

const EPOCHS_MAX = 100;

export function addGrooveTrain(groove: Command, context: CommandContext): void {
  groove
    .command('train')
    .description('train a forecaster from scratch on MIDI files; the same files and seed give the same model')
    .requiredOption('--midi <dir>', 'a folder of drum performances')
    .option(...SPLIT_OPTION)
    .requiredOption('--out <file>', 'where the model goes; its name without ending becomes its id')
    .option('--seed <text>', 'what chance starts from', 'groove')
    .option('--members <n>', 'networks per horizon, whose deciles are averaged', '2')
    .option('--epochs <n>', 'passes over all strokes', String(TRAINING_PLAN.epochs))
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      "\nExample:\n  jamnet groove train --midi ./groove --split train --out groove-1.model\n\nTakes about 90 s of one core for each network on the 322,834 strokes of the Groove MIDI Dataset's split train.",
    )
    .action((options: TrainOptions) => trainModel(context, options));
}

function trainModel(context: CommandContext, options: TrainOptions): void {
  const members = countOf('--members', options.members, MEMBERS_MAX);
  const epochs = countOf('--epochs', options.epochs, EPOCHS_MAX);
  const read = readPerformances(options.midi, options.split);
  if (read.performances.length === 0)
    throw new CommandError('input-empty', `${options.midi} holds no drum performance in 4/4.`, EXIT.usage);
  const networks = (horizon: Horizon) => trainHorizon(context, options.seed, read, horizon, members, epochs);
  const id = basename(options.out)
    .replace(/\.[a-z]+$/i, '')
    .toLowerCase();
  const bytes = encodeModel({ id, bar: networks('bar'), hit: networks('hit') });
  writeFileSync(options.out, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { files, performances, skipped } = read;
  print(
    context,
    options.json,
    { id, sha256, bytes: bytes.length, files, performances: performances.length, skipped },
    () => `${options.out}: ${id}, ${bytes.length} bytes, SHA-256 ${sha256}`,
  );
}

function trainHorizon(
  context: CommandContext,
  seed: string,
  { performances }: ReadPerformances,
  horizon: Horizon,
  members: number,
  epochs: number,
): Float32Array[] {
  const examples = examplesOf(
    performances.map(({ hits }) => hits),
    HOUSE_PRIORS,
    horizon,
  );
  return Array.from({ length: members }, (_, member) =>
    train(
      examples,
      { ...TRAINING_PLAN, epochs },
      seededChance(`${seed}/${horizon}/${member}`),
      (epoch, loss) =>
        context.stderr.write(
          `${horizon} ${member + 1}/${members}, epoch ${epoch + 1}/${epochs}: loss ${loss.toFixed(4)} over ${examples.count} strokes\n`,
        ),
    ),
  );
}

function countOf(option: string, text: string, most: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new CommandError('option-invalid', `${option} is 1 to ${most}.`, EXIT.usage);
  return count;
}
