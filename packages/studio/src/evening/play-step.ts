import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import type { LiveMetrics, PlayOptions, PlayReport } from '@jamnet/jambox';
import { parseTrace } from '@jamnet/pnbtr';
import { traceText } from '@jamnet/sim';
import type { PeerView } from '../live/studio-state.ts';
import { creditMusicians } from '../music/credit-musicians.ts';
import { type ChildProgram, runChild } from '../processes/child-program.ts';
import type { StemsOptions } from '../samples/stems-main.ts';
import { fileTakes } from '../takes/file-takes.ts';
import { customerOf } from './customers.ts';
import { type EveningContext, PACKET_FRAMES, SAMPLE_RATE_HZ, SAMPLE_ROOM } from './evening-context.ts';
import type { EveningStep, StepProgress } from './evening-runner.ts';
import type { EveningResults, PlayResult } from './results.ts';
import type { SampleRole } from './sample-members.ts';

/** Stretch of the piece that is played: from its sixth bar, where the guitar plays, for 20 s. */
const PLAY_FROM_SECONDS = 8.035;
const PLAY_SECONDS = 20;
/** The network of the evening: 4 % loss in bursts of 4 packets on average, made by `scripts/samples/make-traces.ts`. */
const TRACE_FILE = 'traces/burst-4pct.txt';
/** JELLIE: each packet carries the packets 2 and 5 back, beyond most of a burst, for the delay of 5 packets; playout waits 10, for this machine has other things to do. */
const REDUNDANCY_OFFSETS = [2, 5];
const PLAYOUT_DELAY_MS = 27;
const ROLES = ['guitar', 'backing'] as const;

/** Two headless peers play the two stems to each other through a relay and a lossy network, in real time. */
export function playStep(context: EveningContext): EveningStep<EveningResults> {
  return {
    name: 'play',
    title: 'Two musicians play over a lossy network',
    run: (_done, progress) => play(context, progress),
  };
}

async function play(context: EveningContext, progress: StepProgress): Promise<PlayResult> {
  const directory = join(context.workDirectory, 'play');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  progress.report(0.02, 'decoding the stems');
  await writeStems(context, directory);
  writeFileSync(join(directory, 'trace.txt'), lossTrace(context));
  progress.report(0.1, 'opening the room');
  const reports = await playRoom(context, directory, progress);
  progress.report(0.95, 'filing the takes');
  const takes = await fileTakes(context.parts.takes, reports);
  const musicContributions = await creditMusicians(context.parts, reports, (player) => {
    // Players of the evening are named by their roles.
    const { payee, ownerGroup } = context.members[player as SampleRole];
    return { payee, ownerGroup, principal: customerOf(player) };
  });
  showTakes(context);
  const seconds = Math.min(...takes.map((take) => take.seconds));
  progress.report(1, `${takes.length} takes of ${seconds.toFixed(1)} s in real time`);
  return { takes, musicContributions };
}

async function writeStems(context: EveningContext, directory: string): Promise<void> {
  const options: StemsOptions = {
    samples: context.samplesDirectory,
    directory,
    roles: ROLES,
    fromSeconds: PLAY_FROM_SECONDS,
    seconds: PLAY_SECONDS,
    rateHz: SAMPLE_RATE_HZ,
  };
  await runChild({
    entry: new URL('../samples/stems-main.ts', import.meta.url),
    options,
    onLine: () => undefined,
  }).ended;
}

function stemFile(directory: string, role: SampleRole): string {
  return join(directory, `${role}.wav`);
}

/** The shipped trace, turned to a place drawn from the seed: another seed meets another stretch of the same network. */
function lossTrace(context: EveningContext): string {
  const parsed = parseTrace(readFileSync(join(context.samplesDirectory, TRACE_FILE), 'utf8'));
  if (!parsed.ok) throw new Failure(parsed.code, `${TRACE_FILE}: ${parsed.message}`);
  const trace = parsed.value;
  const from = context.chance.fork('loss trace').below(trace.length);
  const turned = new Uint8Array(trace.length);
  turned.set(trace.subarray(from));
  turned.set(trace.subarray(0, from), trace.length - from);
  return traceText(turned);
}

/** The network and both peers, each a process of its own; ends them all whatever happens. */
async function playRoom(
  context: EveningContext,
  directory: string,
  progress: StepProgress,
): Promise<PlayReport[]> {
  const children: ChildProgram[] = [];
  const peers: PeerView[] = [];
  try {
    const network = await startNetwork(context, directory, children);
    const reports = ROLES.map((role) => {
      const outputDirectory = join(directory, `out-${role}`);
      mkdirSync(outputDirectory, { recursive: true });
      const options = peerOptions(context, role, directory, outputDirectory, network);
      return startPeer(options, children, (metrics) => {
        showPeer(context, peers, metrics);
        const seconds = Math.min(PLAY_SECONDS, Math.max(0, metrics.atSeconds));
        progress.report(
          0.1 + (0.85 * seconds) / PLAY_SECONDS,
          `${seconds.toFixed(0)} of ${PLAY_SECONDS} s, in real time`,
        );
      });
    });
    return await Promise.all(reports);
  } finally {
    await Promise.all(children.map((child) => child.stop(1000)));
  }
}

interface Network {
  readonly proxyPort: number;
}

/** The relay is the studio's own; the impairment proxy stands before it in a process of its own. */
async function startNetwork(
  context: EveningContext,
  directory: string,
  children: ChildProgram[],
): Promise<Network> {
  const { host, port } = context.parts.relayAddress;
  const options = {
    relay: { host, port },
    host,
    port: 0,
    traceFile: join(directory, 'trace.txt'),
    seed: context.seed,
  };
  const entry = new URL(import.meta.resolve('@jamnet/sim/impairment-proxy-main'));
  const proxyPort = await new Promise<number>((resolve, reject) => {
    const proxy = runChild({
      entry,
      urgent: true,
      options,
      onLine: (line) => {
        const { type, port: listening } = line as { type?: string; port?: number };
        if (type === 'listening' && listening) resolve(listening);
      },
    });
    children.push(proxy);
    proxy.ended.then(() => reject(new Failure('network-ended', 'the impairment proxy ended early')), reject);
  });
  return { proxyPort };
}

function peerOptions(
  context: EveningContext,
  role: SampleRole,
  directory: string,
  outputDirectory: string,
  network: Network,
): PlayOptions {
  const joined = context.parts.services.joinRoom({ room: SAMPLE_ROOM, player: role });
  if (!joined.ok) throw new Failure(joined.code, joined.message);
  return {
    relay: { host: joined.value.relay.host, port: network.proxyPort },
    joinToken: joined.value.joinToken,
    roomKeyHex: joined.value.roomKeyHex,
    room: SAMPLE_ROOM,
    player: role,
    inputWav: stemFile(directory, role),
    outputDirectory,
    packetFrames: PACKET_FRAMES,
    redundancyOffsets: REDUNDANCY_OFFSETS,
    playoutDelayMs: PLAYOUT_DELAY_MS,
    startWhenPlayers: ROLES.length,
    secondsMax: PLAY_SECONDS,
    consent: { record: true, train: true, strangers: true },
  };
}

/** A headless peer as a process of its own; resolves with what it played and heard. */
async function startPeer(
  options: PlayOptions,
  children: ChildProgram[],
  onMetrics: (metrics: LiveMetrics) => void,
): Promise<PlayReport> {
  let report: PlayReport | undefined;
  const peer = runChild({
    entry: new URL(import.meta.resolve('@jamnet/jambox/main')),
    urgent: true,
    options,
    onLine: (line) => {
      // JSON Lines of our own peer program.
      const message = line as
        | LiveMetrics
        | { type: 'report'; report: PlayReport }
        | { type: 'error'; message: string };
      if (message.type === 'live') onMetrics(message);
      else if (message.type === 'report') report = message.report;
    },
  });
  children.push(peer);
  await peer.ended;
  if (!report) throw new Failure('peer-silent', `the peer "${options.player}" ended without a report`);
  const { seconds } = report.sent;
  if (seconds < PLAY_SECONDS - PACKET_FRAMES / SAMPLE_RATE_HZ) {
    throw new Failure(
      'play-cut-short',
      `the peer "${options.player}" played ${seconds.toFixed(1)} of ${PLAY_SECONDS} s`,
    );
  }
  return report;
}

/** The latest figures of what one peer hears of the other. */
function showPeer(context: EveningContext, peers: PeerView[], metrics: LiveMetrics): void {
  for (const heard of metrics.heard) {
    const id = `${metrics.player}-hears-${heard.from}`;
    const { packets, lost, recovered, concealed, bufferMs, delayMsP50, delayMsP99 } = heard;
    const counts = { packets, lost, recovered, concealed, bufferMs, delayMsP50, delayMsP99 };
    const view = {
      id,
      name: metrics.player,
      room: SAMPLE_ROOM,
      hearing: heard.from,
      ...counts,
    };
    const place = peers.findIndex((peer) => peer.id === id);
    if (place < 0) peers.push(view);
    else peers[place] = view;
  }
  context.parts.live.update({ peers: [...peers] });
}

function showTakes(context: EveningContext): void {
  const takes = context.parts.takes.views();
  const peers = takes.map((take): PeerView => {
    const { packets, lost, recovered, concealed, delayMsP50, delayMsP99 } = take;
    const counts = { packets, lost, recovered, concealed, delayMsP50, delayMsP99 };
    const id = `${take.player}-hears-${take.from}`;
    return {
      id,
      name: take.player,
      room: SAMPLE_ROOM,
      hearing: take.from,
      bufferMs: PLAYOUT_DELAY_MS,
      ...counts,
    };
  });
  context.parts.live.update({ takes, peers });
}
