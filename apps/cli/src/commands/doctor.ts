import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnose, type LiveMetrics, lookAtMachine, runPeer, type WayFacts } from '@jamnet/jambox';
import { encodeWav } from '@jamnet/jdat';
import { advise } from '@jamnet/toast';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
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
    .description('look at this machine and the way to the relay, and say what to change')
    .option('--seconds <n>', 'how long each look takes, 1 to 60', '3')
    .option(
      '--data <dir>',
      'data directory of the running studio, whose relay is tried',
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
    if (way === null) lines.push('(no studio runs here, so the way to its relay was not tried)');
    return lines.join('\n');
  });
}

/** Two players of our own hear each other through the studio's relay; `null` without a studio. */
async function lookAtWay(data: string, seconds: number): Promise<WayFacts | null> {
  const studio = runningStudio(data);
  if (!studio) return null;
  const scratch = mkdtempSync(join(tmpdir(), 'jamnet-doctor-'));
  try {
    const inputWav = join(scratch, 'silence.wav');
    const silence = new Float32Array(Math.round(seconds * RATE_HZ));
    writeFileSync(inputWav, encodeWav({ sampleRateHz: RATE_HZ, channels: [silence] }, { bitsPerSample: 16 }));
    const room = `doctor ${process.pid}`;
    let roundTripMs = 0;
    const play = async (player: string) => {
      const joined = await studio.joinRoom({ room, player });
      if (!joined.ok) throw new CommandError(joined.code, joined.message, EXIT.refused);
      const { relay, joinToken, roomKeyHex } = joined.value;
      return await runPeer(
        {
          relay,
          joinToken,
          roomKeyHex,
          room,
          player,
          inputWav,
          outputDirectory: scratch,
          packetFrames: 64,
          redundancyOffsets: [],
          playoutDelayMs: PLAYOUT_DELAY_MS,
          startWhenPlayers: 2,
          consent: { record: false, train: false, strangers: false },
        },
        { onMetrics: (metrics: LiveMetrics) => (roundTripMs = Math.max(roundTripMs, metrics.roundTripMs)) },
      );
    };
    const [report] = await Promise.all([play('speaker'), play('listener')]);
    const heard = report.heard[0];
    if (heard === undefined) return null;
    const { packets, lost, delayMsP50, delayMsP99 } = heard;
    return { packets, lost, roundTripMs, delayMsP50, delayMsP99 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
