import { Failure } from '@jamnet/base';
import { readClaimCode } from '@jamnet/economy';
import { askFarm, NodeDirectory, openNodeKey, pairWithOwner } from '@jamnet/jamnode';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { keyFileOf, meshUrl } from '../node/node-options.ts';
import { farmLines } from '../node/node-text.ts';
import { ownOptions } from '../node/own-options.ts';

interface OwnerOptions {
  url?: string;
  directory: string;
  key?: string;
  data: string;
  json?: boolean;
}

/** A machine and its owner: binding the two, and seeing all machines of the owner. */
export function addNodeOwnerCommands(node: Command, context: CommandContext): void {
  withOptions(node.command('pair').description("bind this machine's key to the owner of a code"))
    .argument('<code>', 'as the studio gave it: "jamnet mesh code"')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet node pair K7QM-2WXA-93RF-TB5H --url wss://studio.example/mesh',
    )
    .action((code: string, _: OwnerOptions, command: Command) => pair(context, code, ownOptions(command)));
  withOptions(node.command('farm').description("all machines of this machine's owner, and what they earned"))
    .addHelpText('after', '\nExample:\n  jamnet node farm')
    .action((_: OwnerOptions, command: Command) => farm(context, ownOptions(command)));
}

function withOptions(command: Command): Command {
  return command
    .option('--url <ws>', 'the coordinator (default: as "jamnet node" has it)')
    .option('--directory <dir>', 'the node (default: as "jamnet node" has it)')
    .option('--data <dir>', 'data directory of a studio on this machine (default: as "jamnet node" has it)')
    .option('--json', 'the answer as one JSON object');
}

async function pair(context: CommandContext, text: string, options: OwnerOptions): Promise<void> {
  const code = orEnd(readClaimCode(text), EXIT.usage);
  const directory = new NodeDirectory(options.directory);
  const key = openNodeKey({ keyFile: keyFileOf(options, directory) });
  const owner = await orFail(pairWithOwner(meshUrl(options), code, key), EXIT.refused);
  directory.writeOwner(owner);
  print(
    context,
    options.json,
    owner,
    () =>
      `This machine works for "${owner.ownerGroup}" now; paid is ${owner.payee}. Start it with "jamnet node".`,
  );
}

async function farm(context: CommandContext, options: OwnerOptions): Promise<void> {
  const key = openNodeKey({ keyFile: keyFileOf(options, new NodeDirectory(options.directory)) });
  const answer = await orFail(askFarm(meshUrl(options), key, Date.now()), EXIT.refused);
  print(context, options.json, answer, () => farmLines(answer).join('\n'));
}

async function orFail<T>(answer: Promise<T>, refused: typeof EXIT.refused): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const exit = error.code === 'studio-unreachable' ? EXIT.failed : refused;
    throw new CommandError(error.code, error.message, exit);
  }
}
