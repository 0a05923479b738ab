import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { type NodeEvent, runNode } from '@jamnet/jamnode';
import { isDirectoryInUse } from '@jamnet/studio';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface NodeCommandOptions {
  url?: string;
  key: string;
  name: string;
  owner?: string;
  payee?: string;
  slots: string;
  memory: string;
  data: string;
  json?: boolean;
}

const SLOTS_MAX = 64;
const MEMORY_MB_MIN = 32;

export function addNodeCommand(program: Command, context: CommandContext): void {
  program
    .command('node')
    .description(
      'offer this machine to the mesh: benchmarks itself, takes tasks, earns by verified work units; Ctrl+C finishes and leaves',
    )
    .option('--url <ws>', 'the coordinator, ws://host:port/mesh (default: the studio running on --data)')
    .option(
      '--key <file>',
      "the node's own key, made at the first start",
      join(context.dataDirectory, 'node.key'),
    )
    .option('--name <text>', 'how the operator sees this machine', hostname().slice(0, 64) || 'node')
    .option('--owner <group>', 'owner group: all machines of one household or firm (default: the name)')
    .option('--payee <id>', "who is paid (default: the pseudonym of the node's own key)")
    .option('--slots <n>', 'tasks computed at once, each in a process of its own', '1')
    .option('--memory <mb>', 'heap of each slot', '256')
    .option('--data <dir>', 'data directory of a studio on this machine', context.dataDirectory)
    .option('--json', 'events as JSON lines on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet node\n  jamnet node --url wss://studio.example/mesh --name attic --owner our-house --slots 2',
    )
    .action((options: NodeCommandOptions) => node(context, options));
}

async function node(context: CommandContext, options: NodeCommandOptions): Promise<void> {
  const { slots, slotMemoryMb } = limitsOf(options);
  const url = meshUrl(options.url ?? studioMesh(options.data));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const { name, payee, key: keyFile } = options;
  const onEvent = (event: NodeEvent): void => {
    if (options.json) context.stdout.write(`${JSON.stringify(event)}\n`);
    else context.stdout.write(eventText(event));
  };
  try {
    await runNode({
      url,
      keyFile,
      name,
      ownerGroup: options.owner ?? name,
      payee,
      slots,
      slotMemoryMb,
      signal: stop.signal,
      onEvent,
    });
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  }
}

function limitsOf(options: NodeCommandOptions) {
  const slots = Number(options.slots);
  const slotMemoryMb = Number(options.memory);
  if (!Number.isInteger(slots) || slots < 1 || slots > SLOTS_MAX) {
    throw new CommandError('option-invalid', `--slots is 1 to ${SLOTS_MAX}.`, EXIT.usage);
  }
  if (!Number.isInteger(slotMemoryMb) || slotMemoryMb < MEMORY_MB_MIN) {
    throw new CommandError('option-invalid', `--memory is at least ${MEMORY_MB_MIN} MB.`, EXIT.usage);
  }
  if (options.payee !== undefined && !/^p[0-9a-f]{32}$/.test(options.payee)) {
    throw new CommandError(
      'option-invalid',
      '--payee is "p" and 32 hex digits, as "jamnet wallet" shows them.',
      EXIT.usage,
    );
  }
  const names = [options.name, options.owner ?? options.name];
  if (names.some((name) => name.length < 1 || name.length > 64)) {
    throw new CommandError('option-invalid', '--name and --owner have 1 to 64 characters.', EXIT.usage);
  }
  return { slots, slotMemoryMb };
}

function meshUrl(text: string): string {
  if (URL.canParse(text) && ['ws:', 'wss:'].includes(new URL(text).protocol)) return text;
  throw new CommandError(
    'option-invalid',
    `--url ${text} is no WebSocket address: write ws://host:port/mesh or wss://….`,
    EXIT.usage,
  );
}

function studioMesh(dataDirectory: string): string {
  const file = join(dataDirectory, 'studio.url');
  if (!existsSync(file) || !isDirectoryInUse(dataDirectory)) {
    throw new CommandError(
      'studio-not-running',
      `No studio runs on ${dataDirectory}. Name its coordinator with --url.`,
      EXIT.failed,
    );
  }
  return `${readFileSync(file, 'utf8').trim().replace(/^http/, 'ws').replace(/\/$/, '')}/mesh`;
}

function eventText(event: NodeEvent): string {
  switch (event.type) {
    case 'benchmarked':
      return `measured ${(Number(event.operationsPerSecond) / 1e9).toFixed(2)} billion operations/s on ${event.device}\n`;
    case 'connected':
      return `connected to ${event.url}\n`;
    case 'registered':
      return `registered; takes ${event.kinds.join(', ')}\n`;
    case 'task-sent':
      return `done: ${event.kind}, ${event.workUnits} work units, ${event.cpuMs.toFixed(0)} ms\n`;
    case 'task-dropped':
      return `dropped: ${event.kind}: ${event.message} [${event.code}]\n`;
    case 'verdict':
      return `${event.sentence} [${event.code}]\n`;
    case 'refused':
      return `refused: ${event.message} [${event.code}]\n`;
    case 'disconnected':
      return `disconnected (${event.reason}); trying again in ${(event.retryMs / 1000).toFixed(1)} s\n`;
    case 'drained':
      return `left after ${event.sent} results\n`;
    default:
      return '';
  }
}
