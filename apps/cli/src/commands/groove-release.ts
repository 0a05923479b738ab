import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import {
  decodeModel,
  GATE_POLICY,
  HOUSE_PRIORS,
  judgeCandidate,
  performancesSha256,
  type SignedRelease,
} from '@jamnet/groove';
import { type NodeKey, openNodeKey, releasedModelBytes } from '@jamnet/jamnode';
import { ModelReleases } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { readPerformances, SPLIT_OPTION } from '../groove/midi-files.ts';

interface ReleasesOptions {
  models?: string;
  key?: string;
  json?: boolean;
}

interface ReleaseOptions extends ReleasesOptions {
  candidate: string;
  midi: string;
  split?: string;
}

/** Performances between two lines of progress. */
const PROGRESS_EVERY = 20;

export function addGrooveRelease(groove: Command, context: CommandContext): void {
  shared(
    groove
      .command('release')
      .description(
        'judge a candidate against the released model on held-out playing, and release it if it is better',
      )
      .requiredOption('--candidate <file>', 'a model that `jamnet groove train` wrote')
      .requiredOption('--midi <dir>', 'performances that the candidate was not trained on')
      .option(...SPLIT_OPTION)
      .addHelpText(
        'after',
        '\nExample:\n  jamnet groove release --candidate my.model --midi ./groove --split validation\n\nExits with 3 when the gate refuses; the first released model is the one that JAMNet ships.',
      ),
  ).action((options: ReleaseOptions) => refusing(() => release(context, options)));
  shared(
    groove
      .command('rollback')
      .description('go back to the model that was released before the current one')
      .addHelpText('after', '\nExample:\n  jamnet groove rollback'),
  ).action((options: ReleasesOptions) => refusing(() => rollback(context, options)));
  shared(
    groove
      .command('models')
      .description('the signed history of released models; the last one is what nodes run')
      .addHelpText('after', '\nExample:\n  jamnet groove models --json'),
  ).action((options: ReleasesOptions) => refusing(() => models(context, options)));
}

function shared(command: Command): Command {
  return command
    .option('--models <dir>', 'where releases are kept (default: models in the data directory)')
    .option(
      '--key <file>',
      'the key that signs them, made when it is missing (default: models-key in the data directory)',
    )
    .option('--json', 'one JSON object on stdout');
}

/** What the folder of models does not allow ends the command as a refusal. */
function refusing(act: () => void): void {
  try {
    act();
  } catch (error) {
    throw error instanceof Failure ? new CommandError(error.code, error.message, EXIT.refused) : error;
  }
}

function opened(
  context: CommandContext,
  options: ReleasesOptions,
): { key: NodeKey; directory: string; list: ModelReleases } {
  const key = openNodeKey({ keyFile: options.key ?? join(context.dataDirectory, 'models-key') });
  const directory = options.models ?? join(context.dataDirectory, 'models');
  return { key, directory, list: new ModelReleases(directory, key.publicKey) };
}

function release(context: CommandContext, options: ReleaseOptions): void {
  const { key, directory, list } = opened(context, options);
  const bytes = fileBytes(options.candidate);
  const candidate = orEnd(decodeModel(bytes), EXIT.usage);
  const releasedBytes = list.current ? list.read(list.current) : releasedModelBytes();
  const released = orEnd(decodeModel(releasedBytes));
  const { performances } = readPerformances(options.midi, options.split);
  const verdict = judgeCandidate(
    GATE_POLICY,
    { candidate, released, priors: HOUSE_PRIORS },
    performances,
    (done) => {
      if (done % PROGRESS_EVERY === 0)
        context.stderr.write(`${done} of ${performances.length} performances judged\n`);
    },
  );
  const heldOutSha256 = performancesSha256(performances);
  if (verdict.code !== null) {
    print(
      context,
      options.json,
      { released: null, heldOutSha256, verdict },
      () => `Refused: ${verdict.reason}`,
    );
    throw new CommandError(verdict.code, verdict.reason, EXIT.refused);
  }
  const nowUs = BigInt(Date.now()) * 1000n;
  if (!list.current) list.release(key, releasedBytes, null, nowUs);
  const line = new ModelReleases(directory, key.publicKey).release(
    key,
    bytes,
    { verdict, heldOutSha256 },
    nowUs,
  );
  print(
    context,
    options.json,
    { released: line, verdict },
    () => `Released: ${lineText(line)}\n${verdict.reason}`,
  );
}

function rollback(context: CommandContext, options: ReleasesOptions): void {
  const { key, list } = opened(context, options);
  const line = list.rollback(key, BigInt(Date.now()) * 1000n);
  print(context, options.json, { released: line }, () => `Back to ${lineText(line)}`);
}

function models(context: CommandContext, options: ReleasesOptions): void {
  const { key, list } = opened(context, options);
  if (list.current) list.read(list.current);
  print(context, options.json, { publicKey: key.publicKey, releases: list.releases }, () =>
    [`Signed by ${key.publicKey}`, ...list.releases.map(lineText)].join('\n'),
  );
}

function lineText(line: SignedRelease): string {
  const gain = line.gainPpm === null ? '' : `, ${(Number(line.gainPpm) / 10_000).toFixed(2)} % better`;
  const day = new Date(Number(line.releasedAtUs / 1000n)).toISOString().slice(0, 10);
  return `${line.version}. ${day} ${line.kind} ${line.model}, SHA-256 ${line.modelSha256}${gain}`;
}

function fileBytes(file: string): Uint8Array {
  if (existsSync(file)) return readFileSync(file);
  throw new CommandError('input-unreadable', `Cannot read ${file}: name a model file.`, EXIT.usage);
}
