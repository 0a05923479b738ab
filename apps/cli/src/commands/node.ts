import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import {
  askFarm,
  type Farm,
  NodeDirectory,
  type NodeEvent,
  type NodeStatus,
  openNodeKey,
  runHost,
} from '@jamnet/jamnode';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { earningsOf } from '../node/earnings.ts';
import { keyFileOf, meshUrl, type NodeCommandOptions, ownerOf, readNumbers } from '../node/node-options.ts';
import { nodeServiceUnit } from '../node/node-service-unit.ts';
import { eventText, statusLines } from '../node/node-text.ts';
import { NodeView } from '../node/node-view.ts';
import { addNodeCheckGpuCommand } from './node-check-gpu.ts';
import { addNodeControlCommands } from './node-control.ts';
import { addNodeOwnerCommands } from './node-owner.ts';
import { addNodeRulesCommand } from './node-rules.ts';

export function addNodeCommand(program: Command, context: CommandContext): void {
  const node = program
    .command('node')
    .description(
      'offer this machine to the mesh: benchmarks itself, takes tasks, earns by verified work units; Ctrl+C finishes and leaves',
    )
    .option('--url <ws>', 'the coordinator, ws://host:port/mesh (default: the studio running on --data)')
    .option('--directory <dir>', 'key, owner and rules of this node', join(context.dataDirectory, 'node'))
    .option('--key <file>', "the node's own key, made at the first start (default: in --directory)")
    .option('--name <text>', 'how the operator sees this machine', hostname().slice(0, 64) || 'node')
    .option('--owner <group>', 'owner group of a machine that is not paired (default: the name)')
    .option('--payee <id>', "who is paid for such a machine (default: the pseudonym of the node's own key)")
    .option('--slots <n>', 'tasks computed at once, each in a process of its own', '1')
    .option('--memory <mb>', 'heap of each slot', '256')
    .option('--forecasts <n>', 'performances forecast at once with the released model, 0 to 8; 0: none', '8')
    .option(
      '--watts <w>',
      'what the machine draws at work, measured at the wall (default: what its cards tell)',
    )
    .option('--power-price <money>', 'what a kWh costs you, in your own money')
    .option('--service', 'write a systemd unit for this command to stdout, and do nothing else')
    .option('--data <dir>', 'data directory of a studio on this machine', context.dataDirectory)
    .option('--json', 'events, and every 5 s the status, as JSON lines on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet node\n  jamnet node pair K7QM-2WXA-93RF-TB5H\n  jamnet node rules --schedule "mon-fri 22:00-07:00" --schedule sat-sun --idle-minutes 5\n  jamnet node --slots 4 --watts 240 --power-price 0.31\n  jamnet node --service --slots 2 | sudo tee /etc/systemd/system/jamnet-node.service',
    )
    .action((options: NodeCommandOptions) => startNode(context, options));
  addNodeRulesCommand(node, context);
  addNodeControlCommands(node, context);
  addNodeCheckGpuCommand(node, context);
  addNodeOwnerCommands(node, context);
}

async function startNode(context: CommandContext, options: NodeCommandOptions): Promise<void> {
  const numbers = readNumbers(options);
  if (options.service) {
    context.stdout.write(serviceText(context));
    return;
  }
  const directory = new NodeDirectory(options.directory);
  const owner = ownerOf(options, directory);
  const url = meshUrl(options);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const view = new NodeView(context.stdout);
  const keyFile = keyFileOf(options, directory);
  const farm = directory.owner() ? farmEveryMinute(url, keyFile) : () => null;
  const onEvent = (event: NodeEvent): void => {
    if (options.json) context.stdout.write(`${JSON.stringify(event)}\n`);
    else view.tell(eventText(event));
  };
  const onStatus = (status: NodeStatus): void => {
    const earnings = earningsOf(status, farm(), numbers.powerPrice);
    if (options.json) context.stdout.write(`${JSON.stringify({ type: 'status', ...status, earnings })}\n`);
    else view.show(statusLines(status, earnings));
  };
  const { name } = options;
  const { slots, slotMemoryMb, grooveSessions, watts: statedWatts } = numbers;
  const { signal } = stop;
  try {
    await runHost({
      ...{ url, keyFile, name, ...owner, slots, slotMemoryMb, grooveSessions },
      ...{ directory, statedWatts, signal, onEvent, onStatus },
    });
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  }
}

/** The owner's farm as it was told last; asks at most once a minute, and a studio that does not answer changes nothing. */
function farmEveryMinute(url: string, keyFile: string): () => Farm | null {
  let farm: Farm | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - askedMs > 60_000) {
      askedMs = performance.now();
      askFarm(url, openNodeKey({ keyFile }), Date.now()).then(
        (answer) => {
          farm = answer;
        },
        () => {},
      );
    }
    return farm;
  };
}

function serviceText(context: CommandContext): string {
  const [main = '', ...words] = context.processWords ?? [];
  const kept = words.filter((word) => word !== '--service');
  return nodeServiceUnit(main, kept, userInfo().username);
}
