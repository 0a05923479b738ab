import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { diagnose, lookAtMachine, runPeer, type WayFacts } from '@jamnet/jambox';
import { encodeWav } from '@jamnet/jdat';
import type { JoinAnswer } from '@jamnet/studio';
import { advise } from '@jamnet/toast';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { measureAndJoin } from '../room/nearest-relay.ts';
import { readRoomReport, roomText } from '../room/room-report.ts';
import { runningStudio } from '../studio-access.ts';

interface DoctorOptions {
  readonly seconds: string;
  readonly data: string;
  readonly report?: string;
  readonly json?: boolean;
}

const RATE_HZ = 48_000;
/** Fixed and generous, so that what comes late is seen as late by the figures and not hidden by the buffer. */
const PLAYOUT_DELAY_MS = 40;

/** Tells a person what to change about machine and line before playing. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('look at this machine and the way to each relay, and say what to change')
    .option('--seconds <n>', 'how long each look takes, 1 to 60', '3')
    .option(
      '--data <dir>',
      'data directory of the running studio, whose relays are tried',
      context.dataDirectory,
    )
    .option('--report <file>', 'judge an evening instead: the report of "jamnet play --json"')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet doctor --seconds 10\n  jamnet play --room blue --player ann --wav a.wav --json > evening.json && jamnet doctor --report evening.json',
    )
    .action((options: DoctorOptions) => doctor(context, options));
}

async function doctor(context: CommandContext, options: DoctorOptions): Promise<void> {
  if (options.report !== undefined) {
    const room = readRoomReport(options.report);
    const advice = advise(room);
    print(context, options.json, { ...room, advice }, () => roomText(room, advice));
    return;
  }
  const seconds = Number(options.seconds);
  if (!(seconds >= 1 && seconds <= 60))
    throw new CommandError('option-invalid', '--seconds is 1 to 60.', EXIT.usage);
  const machine = await lookAtMachine(seconds);
  const way = await lookAtWay(options.data, seconds);
  const findings = diagnose(machine, way);
  print(context, options.json, { machine, way, findings }, () => {
    const lines = findings.map(({ isFine, sentence }) => `${isFine ? 'fine   ' : 'CHANGE '} ${sentence}`);
    if (way === null) lines.push('(no studio runs here, so the way to its relays was not tried)');
    return lines.join('\n');
  });
}

/** Every relay is asked, then two players of our own hear each other through the nearest; `null` without a studio. */
async function lookAtWay(data: string, seconds: number): Promise<WayFacts | null> {
  const studio = runningStudio(data);
  if (!studio) return null;
  const scratch = mkdtempSync(join(tmpdir(), 'jamnet-doctor-'));
  try {
    const inputWav = join(scratch, 'silence.wav');
    const silence = new Float32Array(Math.round(seconds * RATE_HZ));
    writeFileSync(inputWav, encodeWav({ sampleRateHz: RATE_HZ, channels: [silence] }, { bitsPerSample: 16 }));
    const room = `doctor ${process.pid}`;
    const { joined, relays } = await measureAndJoin(studio, room, 'speaker');
    const other = orEnd(await studio.joinRoom({ room, player: 'listener' }));
    const play = ({ relay, joinToken, roomKeyHex, player }: JoinAnswer) =>
      runPeer({
        ...{ relay, joinToken, roomKeyHex, room, player, inputWav },
        outputDirectory: scratch,
        packetFrames: 64,
        redundancyOffsets: [],
        playoutDelayMs: PLAYOUT_DELAY_MS,
        startWhenPlayers: 2,
        consent: { record: false, train: false, strangers: false },
      });
    const [, { heard, links }] = await Promise.all([play(joined), play(other)]);
    const link = links.find(({ from, to }) => from === 'speaker' && to === 'listener');
    return {
      relays: relays.map(({ roundTripUs, ...relay }) => ({
        ...relay,
        roundTripMs: roundTripUs === null ? null : roundTripUs / 1000,
      })),
      packets: heard[0]?.packets ?? 0,
      lost: heard[0]?.lost ?? 0,
      spreadMs: link === undefined ? null : (link.lateUsP99 - link.lateUsP50) / 1000,
    };
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.failed);
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
