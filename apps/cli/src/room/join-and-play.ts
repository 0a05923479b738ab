import { mkdirSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { type Consent, type HeardReport, type LiveMetrics, type PlayReport, runPeer } from '@jamnet/jambox';
import { type CommandContext, orEnd } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { runningStudio } from '../studio-access.ts';

export interface RoomOptions {
  readonly data: string;
  readonly room: string;
  readonly player: string;
  readonly out: string;
  readonly packet: string;
  readonly copies: string;
  readonly delay?: string;
  readonly direct: string;
  readonly wait: string;
  readonly json?: boolean;
}

/** Joins a room of the running studio, plays `inputWav` into it and writes what is heard; Ctrl+C leaves cleanly. */
export async function joinAndPlay(
  context: CommandContext,
  options: RoomOptions,
  inputWav: string,
  consent: Consent,
): Promise<PlayReport> {
  const numbers = roomNumbers(options);
  const studio = runningStudio(options.data);
  if (!studio) {
    const message = `No studio runs on ${options.data}. Start one with "npm start", or name its --data directory.`;
    throw new CommandError('studio-not-running', message, EXIT.failed);
  }
  const { room, player } = options;
  const joined = orEnd(await studio.joinRoom({ room, player }));
  mkdirSync(options.out, { recursive: true });
  const leaving = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leaving.abort());
  const access = {
    relay: joined.relay,
    joinToken: joined.joinToken,
    roomKeyHex: joined.roomKeyHex,
    room,
    player,
  };
  try {
    return await runPeer(
      { ...access, ...numbers, inputWav, outputDirectory: options.out, consent },
      { signal: leaving.signal, onMetrics: (metrics) => showMetrics(context, metrics) },
    );
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  } finally {
    if (context.stderr.isTTY) context.stderr.write('\n');
  }
}

/** The numbers of the command line, all checked before anything is opened. */
function roomNumbers(options: RoomOptions) {
  const packetFrames = Number(options.packet);
  const redundancyOffsets = options.copies === 'none' ? [] : options.copies.split(',').map(Number);
  const startWhenPlayers = Number(options.wait);
  const playoutDelayMs = options.delay === undefined ? undefined : Number(options.delay);
  const faults: string[] = [];
  if (packetFrames !== 64 && packetFrames !== 128 && packetFrames !== 256)
    faults.push('--packet is 64, 128 or 256.');
  if (!redundancyOffsets.every((each) => Number.isInteger(each) && each >= 1 && each <= 64)) {
    faults.push('--copies lists packets back, each 1 to 64, such as "2,5", or is "none".');
  }
  if (!(startWhenPlayers >= 1 && startWhenPlayers <= 16)) faults.push('--wait is 1 to 16 players.');
  if (options.direct !== 'on' && options.direct !== 'off') faults.push('--direct is on or off.');
  if (playoutDelayMs !== undefined && !(playoutDelayMs >= 0 && playoutDelayMs <= 200))
    faults.push('--delay is 0 to 200 ms.');
  if (faults.length > 0 || (packetFrames !== 64 && packetFrames !== 128 && packetFrames !== 256)) {
    throw new CommandError('option-invalid', faults.join(' '), EXIT.usage);
  }
  const fixed = playoutDelayMs === undefined ? {} : { playoutDelayMs };
  const direct = options.direct === 'on' ? ({ direct: 'all' } as const) : {};
  return { packetFrames, redundancyOffsets, startWhenPlayers, ...direct, ...fixed } as const;
}

function showMetrics(context: CommandContext, metrics: LiveMetrics): void {
  if (!context.stderr.isTTY) return;
  const links = metrics.heard.map(
    (each) =>
      `${each.from} ${wayText(each)} ${each.delayMsP50.toFixed(1)} ms, ${each.recovered} recovered, ${each.concealed} concealed`,
  );
  context.stderr.write(
    `\r\u001b[2K${metrics.phase} ${metrics.atSeconds.toFixed(0)} s  ${links.join('  ·  ')}`,
  );
}

function wayText({ path, directTripMs, relayTripMs }: LiveMetrics['heard'][number]): string {
  const tripMs = path === 'direct' ? directTripMs : relayTripMs;
  return tripMs === null ? path : `${path} (round trip ${tripMs.toFixed(1)} ms)`;
}

export function reportText(report: PlayReport): string {
  if (report.heard.length === 0) return 'Nobody else was in the room.';
  return report.heard
    .map((heard) => {
      const kept =
        heard.wavFile === '' ? 'not kept: the player gave no consent to record' : `kept as ${heard.wavFile}`;
      const losses = `${heard.packets} packets, ${heard.lost} lost = ${heard.recovered} recovered + ${heard.concealed} concealed`;
      return `${heard.from}: ${heard.seconds.toFixed(1)} s, ${losses}, delay ${heard.delayMsP50} ms (p99 ${heard.delayMsP99} ms), ${arrivedText(heard)}, ${kept}`;
    })
    .join('\n');
}

function arrivedText({ arrived: { direct, relay } }: HeardReport): string {
  return `${direct} datagrams straight and ${relay} over the relay`;
}
