import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import {
  type Consent,
  type HeardReport,
  type LiveMetrics,
  type PlayOptions,
  type PlayReport,
  RoomWatch,
  runPeer,
  StatusLed,
} from '@jamnet/jambox';
import { isName, limits } from '@jamnet/toast';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import { consentText } from './consent.ts';
import { LiveView } from './live-view.ts';
import { joinNearest } from './nearest-relay.ts';
import { roomStudio } from './room-studio.ts';

export interface RoomOptions {
  readonly data: string;
  readonly studio?: string;
  readonly tokenFile?: string;
  readonly room: string;
  readonly player: string;
  readonly out: string;
  readonly packet: string;
  readonly bits: string;
  readonly copies: string;
  readonly delay?: string;
  readonly direct: string;
  readonly wait: string;
  readonly playout?: string;
  readonly bandwidthMax: string;
  readonly device?: string;
  readonly output?: string;
  readonly led?: string;
  readonly json?: boolean;
}

/** What is played: a file, a device, a pipe, notes. */
export type PlaySource = Pick<
  PlayOptions,
  'inputWav' | 'listens' | 'device' | 'pipes' | 'midiFile' | 'midiOut' | 'click' | 'beat'
>;

/** Joins a room of the running studio, plays `source` into it and writes what is heard; Ctrl+C leaves cleanly. */
export async function joinAndPlay(
  context: CommandContext,
  options: RoomOptions,
  source: PlaySource,
  consent: Consent,
): Promise<PlayReport> {
  const numbers = roomNumbers(options, source);
  const studio = roomStudio(options);
  const { room, player } = options;
  const show = shower(context, options, needsBeat(source));
  makeDirectory(options.out);
  const joined = await joinNearest(studio, room, player);
  if (source.listens !== true) context.stderr.write(`${consentText(consent)}\n`);
  const leaving = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leaving.abort());
  const access = {
    relay: joined.relay,
    door: studio.roomDoor,
    joinToken: joined.joinToken,
    roomKeyHex: joined.roomKeyHex,
    room,
    player,
  };
  try {
    return await runPeer(
      {
        ...access,
        ...numbers,
        ...source,
        outputDirectory: options.out,
        keyFile: join(options.data, 'player-keys.pem'),
        consent,
      },
      { signal: leaving.signal, onMetrics: show.metrics },
    );
  } catch (error) {
    if (error instanceof Failure) {
      throw new CommandError(error.code, error.message, exitOf(error.code));
    }
    throw error;
  } finally {
    show.end();
  }
}

/** What the command line or a file of it has wrong; all else is something that failed. */
const USAGE = ['device-unknown', 'device-unfit', 'input-unreadable', 'input-malformed', 'input-unfit'];

function exitOf(code: string): ExitCode {
  return USAGE.includes(code) || code.startsWith('midi-') ? EXIT.usage : EXIT.failed;
}

/** Before a seat is taken: who cannot keep what is heard learns it now. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch {
    const message = `Nothing can be written to ${path}: name another directory with --out.`;
    throw new CommandError('output-unwritable', message, EXIT.usage);
  }
}

/** The numbers of the command line, all checked before anything is opened. */
function roomNumbers(options: RoomOptions, source: PlaySource) {
  const packetFrames = Number(options.packet);
  const { adaptWithin, redundancyOffsets } = redundancyOf(options);
  const startWhenPlayers = Number(options.wait);
  const playoutDelayMs = options.delay === undefined ? undefined : Number(options.delay.trim() || Number.NaN);
  const faults: string[] = [];
  for (const [name, value] of [
    ['--room', options.room],
    ['--player', options.player],
  ] as const)
    if (!isName(value))
      faults.push(`${name} is 1 to ${limits.NAME_CHARACTERS_MAX} letters, digits, spaces or . _ ' -`);
  if (packetFrames !== 64 && packetFrames !== 128 && packetFrames !== 256)
    faults.push('--packet is 64, 128 or 256.');
  const sampleBits = options.bits === '24' ? 24 : 16;
  if (String(sampleBits) !== options.bits) faults.push('--bits is 16 or 24.');
  if (sampleBits === 24 && source.pipes?.input === true)
    faults.push('--input carries 16 bits: leave --bits out.');
  if (!isAscending(redundancyOffsets)) {
    const most = `at most ${limits.COPIES_MAX}, each 1 to ${limits.COPY_OFFSET_MAX}, the nearest first`;
    faults.push(`--copies lists packets back, ${most}, such as "2,5", or is "none" or "auto".`);
  }
  if (!(Number.isInteger(startWhenPlayers) && startWhenPlayers >= 1 && startWhenPlayers <= 16))
    faults.push('--wait is 1 to 16 players.');
  const { playout } = options;
  const bandwidthMax = Number(options.bandwidthMax);
  if (!(bandwidthMax >= 1 && bandwidthMax <= 100)) faults.push('--bandwidth-max is 1 to 100.');
  if (playout !== undefined && playout !== 'adaptive' && playout !== 'packets')
    faults.push('--playout is adaptive or packets.');
  if (playout === 'adaptive' && playoutDelayMs !== undefined)
    faults.push('--delay fixes what --playout adaptive lets follow the network: give one of them.');
  if (options.direct !== 'on' && options.direct !== 'off') faults.push('--direct is on or off.');
  if (playoutDelayMs !== undefined && !(playoutDelayMs >= 0 && playoutDelayMs <= 200))
    faults.push('--delay is 0 to 200 ms.');
  if (faults.length > 0 || (packetFrames !== 64 && packetFrames !== 128 && packetFrames !== 256)) {
    throw new CommandError('option-invalid', faults.join(' '), EXIT.usage);
  }
  const fixed = playoutDelayMs === undefined ? {} : { playoutDelayMs };
  const direct = options.direct === 'on' ? ({ direct: 'all' } as const) : {};
  const mode: Pick<PlayOptions, 'playout'> =
    playout === 'adaptive' || playout === 'packets' ? { playout } : {};
  return {
    packetFrames,
    sampleBits,
    redundancyOffsets,
    bandwidthMax,
    startWhenPlayers,
    ...adaptWithin,
    ...direct,
    ...fixed,
    ...mode,
  } as const;
}

function isAscending(offsets: readonly number[]): boolean {
  return (
    offsets.length <= limits.COPIES_MAX &&
    offsets.every(
      (each, i) => Number.isInteger(each) && each > (offsets[i - 1] ?? 0) && each <= limits.COPY_OFFSET_MAX,
    )
  );
}

/** Of a datagram's 1,200 bytes, what is left for packets beside header, tags and places. */
const COPIED_BYTES = 1_100;

/** Where listeners' reports choose, it begins with what bears the first losses and fits a datagram. */
function redundancyOf({ copies, packet, bits, bandwidthMax }: RoomOptions) {
  if (copies === 'auto')
    return {
      adaptWithin: { adaptWithin: Number(bandwidthMax) },
      redundancyOffsets: [1, 3].slice(
        0,
        Math.floor(COPIED_BYTES / (Number(packet) * (Number(bits) / 8))) - 1,
      ),
    };
  return { adaptWithin: {}, redundancyOffsets: copies === 'none' ? [] : copies.split(',').map(Number) };
}

/** Clicks, and drums sounded by forecast, have no time without the room's beat. */
function needsBeat({ beat, click = 'off', midiFile, midiOut }: PlaySource): boolean {
  return beat === undefined && (click !== 'off' || midiFile !== undefined || midiOut !== undefined);
}

/** What people see meanwhile: lines on a terminal, light on a box. */
function shower(context: CommandContext, options: RoomOptions, isBeatNeeded: boolean) {
  const led = options.led === undefined ? null : ledOf(options.led);
  // Who reads the report as JSON gets no drawing beside it, but is told of waiting.
  const output = options.json ? { write: (text: string) => context.stderr.write(text) } : context.stderr;
  const view = new LiveView(output, isBeatNeeded);
  const watch = new RoomWatch();
  return {
    metrics(metrics: LiveMetrics): void {
      view.show(metrics);
      led?.show(watch.look(metrics), performance.now());
    },
    end(): void {
      view.end();
      led?.off();
    },
  };
}

function ledOf(directory: string): StatusLed {
  try {
    return new StatusLed(directory);
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.usage);
    throw error;
  }
}

/** After the report: an evening that the relay ended is none that went well. */
export function requireRelay({ isRelayLost }: Pick<PlayReport, 'isRelayLost'>): void {
  if (!isRelayLost) return;
  const message =
    'The relay stopped answering, and the room ended there; what was played and heard until then is kept. Does the studio still run, and does its relay? Join again when they do.';
  throw new CommandError('relay-lost', message, EXIT.failed);
}

/** What a player is told at the end. */
export function reportText({
  heard,
  takeBlocksDropped,
}: Pick<PlayReport, 'heard' | 'takeBlocksDropped'>): string {
  const isWhole = takeBlocksDropped === 0;
  const holes = isWhole
    ? ''
    : `\nTHE TAKE HAS HOLES: the disk did not keep up with ${takeBlocksDropped} blocks.`;
  return (heard.length === 0 ? 'Nobody else was in the room.' : heardText(heard)) + holes;
}

function heardText(all: readonly HeardReport[]): string {
  return all
    .map((heard) => {
      if (heard.packets === 0 && heard.notes.events === 0)
        return `${trustText(heard)}${heard.from}: nothing was heard of`;
      const kept =
        heard.wavFile === '' ? 'not kept: the player gave no consent to record' : `kept as ${heard.wavFile}`;
      const losses = `${heard.packets} packets, ${heard.lost} lost = ${heard.recovered} recovered + ${heard.concealed} concealed`;
      return `${trustText(heard)}${heard.from}: ${heard.seconds.toFixed(1)} s, ${losses}, delay ${heard.delayMsP50} ms (p99 ${heard.delayMsP99} ms), ${arrivedText(heard)}, ${kept}`;
    })
    .join('\n');
}

function arrivedText({ arrived: { direct, relay } }: HeardReport): string {
  return `${direct} datagrams straight and ${relay} over the relay`;
}

function trustText({ from, trust: { forged } }: HeardReport): string {
  return forged === 0 ? '' : `FORGED: ${forged} datagrams in ${from}'s name were not ${from}'s.\n`;
}
