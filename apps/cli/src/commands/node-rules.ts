import { Failure } from '@jamnet/base';
import { askControl, formatHostRules, NodeDirectory, parseHostRules } from '@jamnet/jamnode';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { ownOptions } from '../node/own-options.ts';

interface RulesOptions {
  schedule?: string[];
  idleMinutes?: string;
  deviceOff?: string[];
  gpuTemperature?: string;
  gpuPower?: string;
  bandwidth?: string;
  clear?: boolean;
  directory?: string;
  json?: boolean;
}

const several = (word: string, before: string[] = []): string[] => [...before, word];

export function addNodeRulesCommand(node: Command, context: CommandContext): void {
  node
    .command('rules')
    .description('show or change when and how hard this machine works; a running node obeys at once')
    .option(
      '--schedule <span>',
      'hours of the week, may be repeated: "mon-fri 22:00-07:00", "sat-sun"',
      several,
    )
    .option('--idle-minutes <n>', 'work only when nobody has touched the machine for so long')
    .option(
      '--device-off <id>',
      'switch a device off, may be repeated: cpu, gpu0, … ("jamnet node devices")',
      several,
    )
    .option('--gpu-temperature <celsius>', 'rest when a card is hotter, until it is 5 °C cooler')
    .option('--gpu-power <watts>', 'rest when a card draws more')
    .option('--bandwidth <mbit>', 'most Mbit/s both ways, on average')
    .option('--clear', 'forget the rules first; a rule set to "none" is forgotten alone')
    .option('--directory <dir>', 'the node (default: as "jamnet node" has it)')
    .option('--json', 'the rules as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet node rules\n  jamnet node rules --schedule sat-sun --idle-minutes 10 --gpu-temperature 75\n  jamnet node rules --idle-minutes none --device-off none',
    )
    .action((_: RulesOptions, command: Command) => rules(context, ownOptions<RulesOptions>(command)));
}

async function rules(context: CommandContext, options: RulesOptions): Promise<void> {
  const directory = new NodeDirectory(options.directory ?? '');
  const before = options.clear ? {} : JSON.parse(formatHostRules(orEnd(directory.rules(), EXIT.usage)));
  const changes = changesOf(options);
  const changed = options.clear === true || Object.keys(changes).length > 0;
  const next = orEnd(parseHostRules(JSON.stringify({ ...before, ...changes })), EXIT.usage);
  const text = formatHostRules(next);
  if (changed) directory.writeRules(text);
  const told = changed && (await tellNode(directory));
  const note = told ? '\nThe running node obeys them now.' : '';
  print(context, options.json, JSON.parse(text), () => `${text.trim()}${note}`);
}

/** As the rule file names them. */
function changesOf(options: RulesOptions): Record<string, unknown> {
  const lists = { schedule: options.schedule, devicesOff: options.deviceOff };
  const numbers = {
    idleMinutes: options.idleMinutes,
    gpuTemperatureCelsiusMax: options.gpuTemperature,
    gpuPowerWattsMax: options.gpuPower,
    bandwidthMbitPerSecondMax: options.bandwidth,
  };
  const given: [string, unknown][] = [];
  for (const [name, words] of Object.entries(lists))
    if (words) given.push([name, words.filter((word) => word !== 'none')]);
  for (const [name, word] of Object.entries(numbers))
    if (word !== undefined) given.push([name, word === 'none' ? null : numberOr(word)]);
  return Object.fromEntries(given);
}

/** A word that is no number stays one, and the rules say what is wrong with it. */
function numberOr(word: string): number | string {
  return word.trim() === '' || Number.isNaN(Number(word)) ? word : Number(word);
}

/** Whether a node runs there and obeys. */
async function tellNode(directory: NodeDirectory): Promise<boolean> {
  try {
    const answer = await askControl(directory.controlSocket, 'rules');
    if (!answer.ok) throw new CommandError(answer.code, answer.message, EXIT.refused);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'node-not-running') return false;
    throw error;
  }
}
