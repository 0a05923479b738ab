import { Failure } from '@jamnet/base';
import { askControl, type ControlWord, listDevices, NodeDirectory } from '@jamnet/jamnode';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { statusLines } from '../node/node-text.ts';
import { ownOptions } from '../node/own-options.ts';

interface ControlOptions {
  directory?: string;
  json?: boolean;
}

const WORDS: readonly { readonly word: ControlWord; readonly text: string }[] = [
  { word: 'status', text: 'what the running node does, what it earned, and why it does not work' },
  { word: 'pause', text: 'take no more tasks until "resume"; what runs is finished' },
  { word: 'resume', text: 'take tasks again, as the rules allow' },
  { word: 'drain', text: 'finish what runs, give back the rest, and end the node' },
];

/** Commands that reach the node of a directory over its control socket. */
export function addNodeControlCommands(node: Command, context: CommandContext): void {
  for (const { word, text } of WORDS)
    node
      .command(word)
      .description(text)
      .option('--directory <dir>', 'the node (default: as "jamnet node" has it)')
      .option('--json', 'the status as one JSON object')
      .addHelpText('after', `\nExample:\n  jamnet node ${word}`)
      .action((_: ControlOptions, command: Command) => say(context, ownOptions(command), word));
  node
    .command('devices')
    .description(
      'the devices of this machine, what they tell of themselves, and whether input-idle can be known',
    )
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  jamnet node devices')
    .action(async (_: ControlOptions, command: Command) => {
      const devices = await listDevices();
      print(context, ownOptions<ControlOptions>(command).json, devices, () => devicesText(devices));
    });
}

async function say(context: CommandContext, options: ControlOptions, word: ControlWord): Promise<void> {
  try {
    const { controlSocket } = new NodeDirectory(options.directory ?? '');
    const answer = await askControl(controlSocket, word);
    if (!answer.ok) throw new CommandError(answer.code, answer.message, EXIT.refused);
    print(context, options.json, answer.status, () => statusLines(answer.status, null).join('\n'));
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  }
}

function devicesText({ cpu, gpus, idle }: Awaited<ReturnType<typeof listDevices>>): string {
  const told = (value: number | null, unit: string) =>
    value === null ? `${unit}: not told` : `${value} ${unit}`;
  const cards = gpus.map(
    ({ id, name, temperatureCelsius, powerWatts, busyPercent }) =>
      `${id}  ${name}  ${told(temperatureCelsius, '°C')}, ${told(powerWatts, 'W')}, ${told(busyPercent, '% busy')}`,
  );
  const away = idle.known
    ? `untouched for ${idle.idleSeconds.toFixed(0)} s (${idle.source})`
    : `input-idle is unknown here: ${idle.why}`;
  return [
    `cpu   ${cpu.name}, ${cpu.threads} threads`,
    ...(cards.length === 0 ? ['no graphics card found'] : cards),
    away,
  ].join('\n');
}
