import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { type HeardReport, nodeSealCrypto, type PlayOptions, type PlayReport } from '@jamnet/jambox';
import { audioDatagramBytes, issueToken } from '@jamnet/toast';
import { traceText } from '../gilbert-elliott.ts';
import { badBlockPercent } from './bad-blocks.ts';
import { boundPercent } from './erasure-bound.ts';
import { BENCH_ROWS, type BenchRow, benchTrace } from './impairments.ts';
import { LineProcess, mayRunRealtime } from './line-process.ts';

export interface BenchOptions {
  /** The relay's process entry (`packages/studio/src/relay/main.ts`). */
  readonly relayEntry: URL;
  readonly secondsPerRun: number;
  readonly packetFrames: readonly (64 | 128)[];
  /** Places of the listener's card between two of the speaker's periods, in parts of a packet time. */
  readonly phases: readonly number[];
  /** Names of {@link BENCH_ROWS}; all when absent. */
  readonly impairments?: readonly string[];
  readonly seed: string;
  /** False leaves all processes at default priority even where SCHED_FIFO is allowed. */
  readonly mayUseRealtime?: boolean;
  readonly onRun?: (run: BenchRun) => void;
}

export interface BenchRun {
  readonly impairment: string;
  readonly packetFrames: number;
  readonly copies: number;
  /** Share of packets of which no copy could have come within the delay used: median phase. */
  readonly boundPercent: number;
  /** Median phase, and the worst. */
  readonly delayMsP50: number;
  readonly delayMsP50Worst: number;
  readonly delayMsP99: number;
  readonly lostPercent: number;
  readonly recoveredPercent: number;
  readonly concealedPercent: number;
  readonly badBlockPercent: number;
  readonly datagramsPerPacket: number;
  readonly bandwidthRatio: number;
  readonly cpuPercentPeer: number;
  readonly cpuPercentRelay: number;
}

export interface BenchReport {
  readonly isRealtime: boolean;
  readonly secondsPerRun: number;
  readonly runs: readonly BenchRun[];
}

const TOKEN_KEY = new Uint8Array(32).fill(1);
const PROXY_ENTRY = new URL('../impairment-proxy-main.ts', import.meta.url);
const PEER_ENTRY = new URL(import.meta.resolve('@jamnet/jambox/main'));
const LINK = { from: 'speaker', to: 'listener' };

/** Two players, relay and impairment proxy in processes of their own, in real time, one run per row, size and phase. */
export async function benchToast(options: BenchOptions): Promise<BenchReport> {
  const isRealtime = options.mayUseRealtime !== false && mayRunRealtime();
  const runs: BenchRun[] = [];
  for (const row of BENCH_ROWS) {
    if (options.impairments !== undefined && !options.impairments.includes(row.impairment)) continue;
    for (const packetFrames of options.packetFrames) {
      const phases: BenchRun[] = [];
      for (const phase of options.phases)
        phases.push(await playRow(options, row, packetFrames, phase, isRealtime));
      const run = medianOf(phases);
      runs.push(run);
      options.onRun?.(run);
    }
  }
  return { isRealtime, secondsPerRun: options.secondsPerRun, runs };
}

/** Each figure of the median phase by itself, and the longest median delay. */
function medianOf(phases: readonly BenchRun[]): BenchRun {
  const [first] = phases;
  if (first === undefined) throw new Failure('bench-empty', 'The bench needs at least one phase.');
  const middle = (of: (run: BenchRun) => number): number =>
    phases.map(of).sort((a, b) => a - b)[phases.length >> 1] ?? 0;
  return {
    ...first,
    boundPercent: middle((run) => run.boundPercent),
    delayMsP50: middle((run) => run.delayMsP50),
    delayMsP50Worst: Math.max(...phases.map((run) => run.delayMsP50)),
    delayMsP99: middle((run) => run.delayMsP99),
    lostPercent: middle((run) => run.lostPercent),
    recoveredPercent: middle((run) => run.recoveredPercent),
    concealedPercent: middle((run) => run.concealedPercent),
    badBlockPercent: middle((run) => run.badBlockPercent),
    cpuPercentPeer: middle((run) => run.cpuPercentPeer),
    cpuPercentRelay: middle((run) => run.cpuPercentRelay),
  };
}

async function playRow(
  options: BenchOptions,
  row: BenchRow,
  packetFrames: 64 | 128,
  phase: number,
  isRealtime: boolean,
): Promise<BenchRun> {
  const packetMs = packetFrames / 48;
  const packets = Math.round((options.secondsPerRun * 1000) / packetMs);
  const cardPhaseUs = phase * packetMs * 1000;
  const wishedMs = (row.delayMs64 * packetFrames) / 64;
  const playoutDelayMs = Math.max(1, Math.floor((wishedMs - phase * packetMs) / packetMs + 0.01)) * packetMs;
  const network = {
    trace: benchTrace(row, packets + 100, options.seed),
    seed: options.seed,
    ...(row.delay === null ? {} : { delay: row.delay }),
  };
  const played = await playPair(
    options,
    row,
    { packetFrames, cardPhaseUs, playoutDelayMs, packets },
    network,
    isRealtime,
  );
  const { heard } = played;
  const percent = (count: number): number => (100 * count) / heard.packets;
  const blocks = 1 + row.offsets.length;
  return {
    impairment: row.impairment,
    packetFrames,
    copies: row.offsets.length,
    boundPercent: boundPercent(
      network,
      LINK,
      { packets, packetMs, offsets: row.offsets },
      playoutDelayMs + phase * packetMs,
    ),
    delayMsP50: heard.delayMsP50,
    delayMsP50Worst: heard.delayMsP50,
    delayMsP99: heard.delayMsP99,
    lostPercent: percent(heard.lost),
    recoveredPercent: percent(heard.recovered),
    concealedPercent: percent(heard.concealed),
    badBlockPercent: played.badBlockPercent,
    datagramsPerPacket: 1,
    bandwidthRatio: audioDatagramBytes(packetFrames, blocks) / (2 * packetFrames),
    cpuPercentPeer: played.cpuPercentPeer,
    cpuPercentRelay: played.cpuPercentRelay,
  };
}

interface PairSettings {
  readonly packetFrames: 64 | 128;
  readonly cardPhaseUs: number;
  readonly playoutDelayMs: number;
  readonly packets: number;
}

interface PairOutcome {
  readonly heard: HeardReport;
  readonly badBlockPercent: number;
  readonly cpuPercentPeer: number;
  readonly cpuPercentRelay: number;
}

async function playPair(
  options: BenchOptions,
  row: BenchRow,
  settings: PairSettings,
  network: { trace: Uint8Array; seed: string; delay?: object },
  isRealtime: boolean,
): Promise<PairOutcome> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-'));
  const processes: LineProcess[] = [];
  const start = (entry: URL, childOptions: object): LineProcess => {
    const child = new LineProcess(entry, childOptions);
    processes.push(child);
    return child;
  };
  try {
    const traceFile = join(directory, 'trace.txt');
    writeFileSync(traceFile, network.trace.length === 0 ? '0' : traceText(network.trace));
    const inputWav = join(directory, 'sine.wav');
    const sent = sine(settings.packets * settings.packetFrames);
    writeFileSync(inputWav, wavBytes(sent));
    const relay = start(options.relayEntry, { tokenKeyHex: '01'.repeat(32) });
    const relayPort = (await relay.line('listening')).port;
    const delay = network.delay === undefined ? {} : { delay: network.delay };
    const proxy = start(PROXY_ENTRY, {
      relay: { host: '127.0.0.1', port: relayPort },
      traceFile,
      seed: network.seed,
      ...delay,
    });
    const port = Number((await proxy.line('listening')).port);
    const players = [LINK.from, LINK.to].map((player) =>
      start(PEER_ENTRY, playerOptions(player, port, inputWav, directory, row, settings)),
    );
    if (isRealtime) {
      await Promise.all(players.map((player) => player.line('live')));
      for (const each of processes) each.promote();
    }
    const [, listener] = await Promise.all(players.map((player) => player.line('report')));
    await relay.stop();
    const report = (listener?.report ?? { heard: [] }) as PlayReport; // written by the peer's own main.ts
    const heard = report.heard[0];
    if (heard === undefined)
      throw new Failure('bench-silent', "The listener heard nobody: look at the processes' errors above.");
    const ear = wavSamples(readFileSync(heard.wavFile));
    const cpuPercentRelay = Number((await relay.line('closed')).cpuPercent);
    return {
      heard,
      badBlockPercent: badBlockPercent(ear, sent),
      cpuPercentPeer: Number(listener?.cpuPercent),
      cpuPercentRelay,
    };
  } finally {
    await Promise.all(processes.map((each) => each.stop()));
    rmSync(directory, { recursive: true });
  }
}

function playerOptions(
  player: string,
  port: number,
  inputWav: string,
  outputDirectory: string,
  row: BenchRow,
  settings: PairSettings,
): PlayOptions {
  const token = issueToken(nodeSealCrypto, TOKEN_KEY, {
    room: 'bench',
    player,
    expiresAtUs: (Date.now() + 3_600_000) * 1000,
  });
  if (!token.ok) throw new Failure(token.code, token.message);
  return {
    relay: { host: '127.0.0.1', port },
    joinToken: token.value,
    roomKeyHex: '02'.repeat(32),
    room: 'bench',
    player,
    inputWav,
    outputDirectory,
    packetFrames: settings.packetFrames,
    redundancyOffsets: row.offsets,
    playoutDelayMs: settings.playoutDelayMs,
    startWhenPlayers: 2,
    cardPhaseUs: player === LINK.to ? settings.cardPhaseUs : 0,
    consent: { record: true, train: false, strangers: false },
  };
}

/** 997 Hz: no whole number of periods in a packet, so that a misplaced packet shows. Rounded to 16 bits, as sent. */
function sine(frames: number): Float32Array {
  return Float32Array.from(
    { length: frames },
    (_, i) => Math.round(16384 * Math.sin((2 * Math.PI * 997 * i) / 48_000)) / 32768,
  );
}

const WAV_HEADER_BYTES = 44;

/** The plain form of RIFF/WAVE (16-bit, one channel, 48 kHz), which is also what the peer writes. */
function wavBytes(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(WAV_HEADER_BYTES + 2 * samples.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(48_000, 24);
  bytes.writeUInt32LE(96_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(sample * 32768), WAV_HEADER_BYTES + 2 * i);
  });
  return bytes;
}

function wavSamples(bytes: Buffer): Float32Array {
  const at = bytes.indexOf('data', 12, 'latin1') + 8;
  return Float32Array.from(
    { length: (bytes.length - at) >> 1 },
    (_, i) => bytes.readInt16LE(at + 2 * i) / 32768,
  );
}
