import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeDirectory, NodeOwner } from '@jamnet/jamnode';
import { isDirectoryInUse } from '@jamnet/studio';
import { CommandError, EXIT } from '../exit-codes.ts';

/** What `jamnet node` takes, as commander gives it. */
export interface NodeCommandOptions {
  readonly directory: string;
  readonly url?: string;
  readonly key?: string;
  readonly name: string;
  readonly owner?: string;
  readonly payee?: string;
  readonly slots: string;
  readonly memory: string;
  readonly forecasts: string;
  readonly watts?: string;
  readonly powerPrice?: string;
  readonly service?: boolean;
  readonly data: string;
  readonly json?: boolean;
}

const SLOTS_MAX = 64;
/** As many real-time sessions as the mesh gives one node. */
const FORECASTS_MAX = 8;
const MEMORY_MB_MIN = 32;
const WATTS_MAX = 100_000;

export interface NodeNumbers {
  readonly slots: number;
  readonly slotMemoryMb: number;
  /** Performances forecast at once; 0: the owner allows none. */
  readonly grooveSessions: number;
  /** W at the wall; `null`: not stated. */
  readonly watts: number | null;
  /** Per kWh, in whatever money the owner counts. */
  readonly powerPrice: number | null;
}

export function readNumbers(options: NodeCommandOptions): NodeNumbers {
  const slots = Number(options.slots);
  const slotMemoryMb = Number(options.memory);
  const grooveSessions = /^\d$/.test(options.forecasts) ? Number(options.forecasts) : -1;
  if (!Number.isInteger(slots) || slots < 1 || slots > SLOTS_MAX) invalid(`--slots is 1 to ${SLOTS_MAX}.`);
  if (!Number.isInteger(slotMemoryMb) || slotMemoryMb < MEMORY_MB_MIN)
    invalid(`--memory is at least ${MEMORY_MB_MIN} MB.`);
  if (grooveSessions < 0 || grooveSessions > FORECASTS_MAX) invalid(`--forecasts is 0 to ${FORECASTS_MAX}.`);
  return {
    slots,
    slotMemoryMb,
    grooveSessions,
    watts: amountOf('--watts', options.watts, WATTS_MAX),
    powerPrice: amountOf('--power-price', options.powerPrice, 1e9),
  };
}

function amountOf(name: string, text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value > 0 && value <= most)) invalid(`${name} is a number above 0 and at most ${most}.`);
  return value;
}

/** Who is paid: the owner that the node was paired with, else what the options say. */
export function ownerOf(
  options: NodeCommandOptions,
  directory: NodeDirectory,
): Partial<NodeOwner> & { ownerGroup: string } {
  const paired = directory.owner();
  if (paired && (options.owner !== undefined || options.payee !== undefined))
    invalid(`This node is paired with "${paired.ownerGroup}": leave out --owner and --payee.`);
  if (paired) return paired;
  if (options.payee !== undefined && !/^p[0-9a-f]{32}$/.test(options.payee))
    invalid('--payee is "p" and 32 hex digits, as "jamnet wallet" shows them.');
  const ownerGroup = options.owner ?? options.name;
  if ([options.name, ownerGroup].some((name) => name.length < 1 || name.length > 64))
    invalid('--name and --owner have 1 to 64 characters.');
  return options.payee === undefined ? { ownerGroup } : { ownerGroup, payee: options.payee };
}

/** The key of a directory; one that an earlier version kept beside it stays the node's. */
export function keyFileOf(
  options: Pick<NodeCommandOptions, 'key' | 'data'>,
  directory: NodeDirectory,
): string {
  if (options.key !== undefined) return options.key;
  const before = join(options.data, 'node.key');
  return existsSync(before) && !existsSync(directory.keyFile) ? before : directory.keyFile;
}

export function meshUrl(options: Pick<NodeCommandOptions, 'url' | 'data'>): string {
  const text = options.url ?? studioMesh(options.data);
  if (URL.canParse(text) && ['ws:', 'wss:'].includes(new URL(text).protocol)) return text;
  return invalid(`--url ${text} is no WebSocket address: write ws://host:port/mesh or wss://….`);
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

function invalid(message: string): never {
  throw new CommandError('option-invalid', message, EXIT.usage);
}
