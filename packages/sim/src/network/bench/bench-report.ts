import type { Goal } from './impairments.ts';
import { median } from './median.ts';

/** One row of the bench. Figures are of the median phase, each figure by itself, unless they say otherwise. */
export interface BenchRun {
  readonly impairment: string;
  readonly packetFrames: number;
  readonly copies: number;
  /** Share of packets of which no copy could have come within the delay used. */
  readonly boundPercent: number;
  /** From the sample at the sender's card to the period of the listener's card in which it sounds, 1.33 ms of card included. */
  readonly delayMsP50: number;
  readonly delayMsP50Worst: number;
  readonly delayMsP99: number;
  readonly lostPercent: number;
  readonly recoveredPercent: number;
  readonly concealedPercent: number;
  /** Of the concealed those of which no copy ever came, and those that came too late for the ear. */
  readonly neverCamePercent: number;
  readonly latePercent: number;
  /** Of the periods and datagrams those at which the speaker's thread, or the proxy's, alone came later than a packet may. */
  readonly lateAtSpeakerPercent: number;
  readonly lateAtProxyPercent: number;
  readonly badBlockPercent: number;
  /** Of the worst phase. */
  readonly badBlockPercentWorst: number;
  /**
   * Of the datagrams of a bare chain of three threads, played before the row, those that came later than the row's packets may:
   * what this machine takes from any program. `null` where jitter is played, which the chain does not have.
   */
  readonly machinePercent: number | null;
  /** Of the audio datagrams that came, those that came straight and not over the relay. */
  readonly directPercent: number;
  /** As the proxy counted them on the wire: IP and UDP headers not included. */
  readonly datagramsPerPacket: number;
  readonly bandwidthRatio: number;
  /** Of one core. */
  readonly cpuPercentPeer: number;
  readonly cpuPercentRelay: number;
  /** How late the listener's thread came to the ends of its card's periods: the machine's share in what went wrong. */
  readonly wakeLateUsP50: number;
  readonly wakeLateUsP99: number;
  readonly periodsLate: number;
  /** With 64 frames, and only there. */
  readonly goal: Goal | null;
  readonly isGoalMet: boolean | null;
  /** concealed ≤ bound + 0.1 points. */
  readonly isNearBound: boolean;
}

export interface RelayRun {
  readonly players: number;
  readonly processes: number;
  readonly udp: 'mmsg' | 'dgram';
  readonly packetsPerSecondOut: number;
  readonly deliveredPercent: number;
  readonly addedMsP50: number;
  readonly addedMsP99: number;
  /** All relay processes together, of one core. */
  readonly cpuPercentRelay: number;
  /** Of the relays, for each packet out. */
  readonly cpuUsPerPacket: number;
  /** Of the process that makes and counts the load, of one core: near 100 the figures are its own. */
  readonly cpuPercentLoad: number;
  /** Packets that the relays gave up because they had waited too long. */
  readonly stalePercent: number;
  /** The same load through a process that only sends on what it gets: what machine and generator add by themselves. */
  readonly floor: RelayFloor;
}

export interface RelayFloor {
  readonly deliveredPercent: number;
  readonly addedMsP50: number;
  readonly addedMsP99: number;
  readonly cpuUsPerPacket: number;
}

export interface BenchReport {
  /** What the threads got: `fifo` or `normal`, and which system calls. */
  readonly scheduling: string;
  readonly udp: string;
  readonly cores: number;
  readonly secondsPerRow: number;
  readonly repeats: number;
  readonly phases: number;
  readonly runs: readonly BenchRun[];
  /** The largest room size asked for that the relay carried whole; absent when the relay was not asked for. */
  readonly relay?: RelayRun;
  readonly relayRuns?: readonly RelayRun[];
}

const BOUND_SLACK_PERCENT = 0.1;
const BANDWIDTH_MAX = 4.2;

export type Figures = Omit<
  BenchRun,
  'delayMsP50Worst' | 'badBlockPercentWorst' | 'isGoalMet' | 'isNearBound'
>;

/** Each figure's median over the runs of one place, for repeats. */
export function medianOf(runs: readonly Figures[]): Figures {
  const [first] = runs;
  if (first === undefined) throw new RangeError('no runs');
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) => [
      name,
      typeof value === 'number' ? median(runs.map((run) => Number(run[name as keyof Figures]))) : value,
    ]),
  ) as unknown as Figures; // the same members
}

/** The row's figures from those of its phases. */
export function rowOf(phases: readonly Figures[]): BenchRun {
  const middle = medianOf(phases);
  const { goal } = middle;
  return {
    ...middle,
    delayMsP50Worst: Math.max(...phases.map((phase) => phase.delayMsP50)),
    badBlockPercentWorst: Math.max(...phases.map((phase) => phase.badBlockPercent)),
    isGoalMet:
      goal === null
        ? null
        : middle.delayMsP50 <= goal.delayMs &&
          middle.badBlockPercent <= goal.badBlockPercent &&
          middle.datagramsPerPacket <= 1.001 &&
          middle.bandwidthRatio <= BANDWIDTH_MAX,
    isNearBound: middle.concealedPercent <= middle.boundPercent + BOUND_SLACK_PERCENT,
  };
}

/** The report for people: every figure beside its goal. */
export function benchTable(report: BenchReport): string {
  const lines = [
    `threads at ${report.scheduling}, ${report.udp}, ${report.cores} cores; ${report.secondsPerRow} s a row over ${report.phases} phases, median of ${report.repeats}`,
    'impairment     frames copies  delay p50 (worst)  p99      bad % (worst)   goal            concealed %  bound %  never came %/late % (speaker/proxy)  machine %  × payload  straight %  CPU peer/relay  wake late p50/p99 µs (periods)',
  ];
  for (const run of report.runs) {
    const goal = run.goal === null ? '' : `≤${run.goal.delayMs} ≤${run.goal.badBlockPercent}`;
    const verdict = run.isGoalMet === null ? '' : run.isGoalMet ? ' met' : ' MISSED';
    lines.push(
      [
        run.impairment.padEnd(14),
        String(run.packetFrames).padStart(6),
        String(run.copies).padStart(6),
        `${run.delayMsP50.toFixed(2)} (${run.delayMsP50Worst.toFixed(2)})`.padStart(18),
        run.delayMsP99.toFixed(2).padStart(7),
        `${run.badBlockPercent.toFixed(3)} (${run.badBlockPercentWorst.toFixed(2)})`.padStart(16),
        `${goal}${verdict}`.padEnd(18),
        `${run.concealedPercent.toFixed(3)}${run.isNearBound ? '' : ' OVER'}`.padStart(11),
        run.boundPercent.toFixed(3).padStart(8),
        `${run.neverCamePercent.toFixed(3)}/${run.latePercent.toFixed(3)} (${run.lateAtSpeakerPercent.toFixed(2)}/${run.lateAtProxyPercent.toFixed(2)})`.padStart(
          32,
        ),
        (run.machinePercent?.toFixed(3) ?? '–').padStart(10),
        `${run.bandwidthRatio.toFixed(2)} × ${run.datagramsPerPacket.toFixed(3)}`.padStart(13),
        run.directPercent.toFixed(1).padStart(11),
        `${run.cpuPercentPeer.toFixed(1)}/${run.cpuPercentRelay.toFixed(1)}`.padStart(11),
        `${run.wakeLateUsP50.toFixed(0)}/${run.wakeLateUsP99.toFixed(0)} (${run.periodsLate})`.padStart(14),
      ].join('  '),
    );
  }
  for (const run of report.relayRuns ?? []) {
    lines.push(
      `relay: ${run.players} players, ${run.processes} process(es), ${run.udp}: ${run.packetsPerSecondOut} packets/s out, delivered ${run.deliveredPercent.toFixed(3)} %, added p50 ${run.addedMsP50.toFixed(3)} p99 ${run.addedMsP99.toFixed(3)} ms (goal 100 %, ≤ 0.5 ms), CPU ${run.cpuPercentRelay.toFixed(0)} %, ${run.cpuUsPerPacket.toFixed(2)} µs a packet, load ${run.cpuPercentLoad.toFixed(0)} %`,
      `       bare reflector: delivered ${run.floor.deliveredPercent.toFixed(3)} %, added p50 ${run.floor.addedMsP50.toFixed(3)} p99 ${run.floor.addedMsP99.toFixed(3)} ms, ${run.floor.cpuUsPerPacket.toFixed(2)} µs a packet`,
    );
  }
  return lines.join('\n');
}
