import { availableParallelism } from 'node:os';
import { latePercent, playBareChain } from './bare-chain.ts';
import { type BenchReport, type BenchRun, type Figures, medianOf, rowOf } from './bench-report.ts';
import { boundPercent } from './erasure-bound.ts';
import { BENCH_ROWS, type BenchRow, benchTrace, playoutPackets, slackUs } from './impairments.ts';
import { LINK, type PairOutcome, playPair } from './play-pair.ts';

export interface BenchOptions {
  /** The relay's process entry (`packages/studio/src/relay/main.ts`). */
  readonly relayEntry: URL;
  /** Of sound, shared out among the phases. */
  readonly secondsPerRow: number;
  readonly packetFrames: readonly (64 | 128)[];
  /** Places of the listener's card between two of the speaker's periods, in parts of a packet time. */
  readonly phases: readonly number[];
  /** Each phase is played so often; the median counts. */
  readonly repeats: number;
  /** Names of {@link BENCH_ROWS}; all when absent. */
  readonly impairments?: readonly string[];
  /** Loss traces of one's own as further rows: 1 is a lost packet. Played with two copies and 12 ms. */
  readonly traces?: readonly { readonly name: string; readonly trace: Uint8Array }[];
  readonly seed: string;
  /** Straight through the proxy, as two players find each other, or over the relay behind it; absent: straight. */
  readonly path?: 'direct' | 'relay';
  /** False leaves all threads at default priority even where SCHED_FIFO is allowed. */
  readonly mayUseRealtime?: boolean;
  readonly onRun?: (run: BenchRun) => void;
}

/** One run of a row. */
interface Place {
  readonly packetFrames: 64 | 128;
  readonly phase: number;
  readonly seed: string;
  readonly bareLateUs: readonly number[] | null;
}

interface Row {
  readonly row: BenchRow;
  readonly trace: Uint8Array | null;
}

/** Two players, relay and impairment proxy in processes of their own, in real time, by row, size and phase. */
export async function benchToast(options: BenchOptions): Promise<BenchReport> {
  const runs: BenchRun[] = [];
  const got = { scheduling: 'normal', udp: 'dgram' };
  for (const row of rowsOf(options)) {
    for (const packetFrames of options.packetFrames) {
      const phases: Figures[] = [];
      const bareLateUs = await bareOf(options, row, packetFrames);
      for (const phase of options.phases) {
        const repeats: Figures[] = [];
        for (let repeat = 0; repeat < options.repeats; repeat++) {
          const seed = `${options.seed}/${repeat}`;
          repeats.push(await playRow(options, row, { packetFrames, phase, seed, bareLateUs }, got));
        }
        phases.push(medianOf(repeats));
      }
      const run = rowOf(phases);
      runs.push(run);
      options.onRun?.(run);
    }
  }
  return {
    ...got,
    cores: availableParallelism(),
    secondsPerRow: options.secondsPerRow,
    repeats: options.repeats,
    phases: options.phases.length,
    runs,
  };
}

function rowsOf({ impairments, traces = [] }: BenchOptions): Row[] {
  const known = BENCH_ROWS.filter((row) => impairments === undefined || impairments.includes(row.impairment));
  const burst12 = BENCH_ROWS.find((row) => row.impairment === 'burst2x4-12ms');
  return [
    ...known.map((row) => ({ row, trace: null })),
    ...traces.flatMap(({ name, trace }) =>
      burst12 === undefined ? [] : [{ row: { ...burst12, impairment: name, loss: null }, trace }],
    ),
  ];
}

async function playRow(
  options: BenchOptions,
  { row, trace }: Row,
  { packetFrames, phase, seed, bareLateUs }: Place,
  got: { scheduling: string; udp: string },
): Promise<Figures> {
  const packetMs = packetFrames / 48;
  const packets = Math.round((options.secondsPerRow * 1000) / options.phases.length / packetMs);
  const delayPackets = playoutPackets(row, packetFrames, phase);
  const playoutDelayMs = delayPackets * packetMs;
  const network = {
    trace: trace ?? benchTrace(row, packets + 100, `${seed}/${phase}`),
    seed,
    ...(row.delay === null ? {} : { delay: row.delay }),
  };
  const played = await playPair({
    relayEntry: options.relayEntry,
    packetFrames,
    offsets: row.offsets,
    cardPhaseUs: phase * packetMs * 1000,
    playoutDelayMs,
    packets,
    mayUseRealtime: options.mayUseRealtime !== false,
    path: options.path ?? 'direct',
    network,
  });
  ({ scheduling: got.scheduling, udp: got.udp } = played.listener.engine);
  const stream = { packets, packetMs, offsets: row.offsets };
  const bound = boundPercent(network, LINK, stream, playoutDelayMs + phase * packetMs);
  const slack = slackUs(delayPackets, packetFrames, phase);
  const machine = bareLateUs === null ? null : latePercent(bareLateUs, slack);
  return { ...figuresOf(row, packetFrames, slack, played, bound), machinePercent: machine };
}

/** The chain's lateness for a row; a tenth of the row's time, or a second. */
async function bareOf(
  options: BenchOptions,
  { row }: Row,
  packetFrames: number,
): Promise<readonly number[] | null> {
  if (row.delay !== null) return null;
  const periodUs = (packetFrames * 1e6) / 48_000;
  const seconds = Math.max(1, options.secondsPerRow / 10);
  return await playBareChain(Math.round((seconds * 1e6) / periodUs), periodUs);
}

function figuresOf(
  row: BenchRow,
  packetFrames: number,
  slack: number,
  { heard, listener, correctionMs, sent, ...played }: PairOutcome,
  bound: number,
): Omit<Figures, 'machinePercent'> {
  const percent = (count: number): number => (100 * count) / heard.packets;
  return {
    impairment: row.impairment,
    packetFrames,
    copies: row.offsets.length,
    boundPercent: bound,
    delayMsP50: heard.delayMsP50 + correctionMs,
    delayMsP99: heard.delayMsP99 + correctionMs,
    lostPercent: percent(heard.lost),
    recoveredPercent: percent(heard.recovered),
    concealedPercent: percent(heard.concealed),
    neverCamePercent: percent(heard.concealed - heard.late),
    latePercent: percent(heard.late),
    lateAtSpeakerPercent: tailPercent(played.speaker.engine.periodsLateBy100Us, slack),
    lateAtProxyPercent: tailPercent(played.proxyLateBy100Us, slack),
    badBlockPercent: played.badBlockPercent,
    // Those behind the stream's end, which only repeat, are no part of a packet time that has a packet.
    datagramsPerPacket: Math.max(0, sent.datagrams - Math.max(0, ...row.offsets)) / heard.packets,
    directPercent: (100 * heard.arrived.direct) / Math.max(1, heard.arrived.direct + heard.arrived.relay),
    bandwidthRatio: sent.bytes / (2 * packetFrames * heard.packets),
    cpuPercentPeer: listener.engine.cpuPercent,
    cpuPercentRelay: played.cpuPercentRelay,
    wakeLateUsP50: listener.engine.latenessUsP50,
    wakeLateUsP99: listener.engine.latenessUsP99,
    periodsLate: listener.engine.periodsLate,
    goal: packetFrames === 64 ? row.goal : null,
  };
}

/** Share in percent of what a tail by 100 µs counts from `us` on, rounded down to 100 µs; beyond 5 ms that from there on. */
function tailPercent(tailBy100Us: readonly number[], us: number): number {
  const all = Math.max(1, tailBy100Us[0] ?? 0);
  return (100 * (tailBy100Us[Math.min(tailBy100Us.length - 1, Math.floor(us / 100))] ?? 0)) / all;
}
