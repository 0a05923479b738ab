import type { LinkShape } from '../jellie/predict-miss.ts';
import type { StreamStats } from '../wire/stats-body.ts';

/** One way from a sender to a listener: what it does to the sound, stage by stage. */
export interface LinkReport extends LinkShape {
  readonly from: string;
  readonly to: string;
  /** Sender's card in, the packet's own length, the way, the listener's buffer, the listener's card out: µs. */
  readonly inputUs: number;
  readonly packetUs: number;
  readonly networkUs: number;
  readonly bufferUs: number;
  readonly outputUs: number;
  /** Shares of the packets played. */
  readonly recoveredShare: number;
  readonly concealedShare: number;
  readonly lateShare: number;
  /** No error of the listener's clock is larger, µs; the sender's card against the listener's. */
  readonly clockErrorUs: number;
  readonly driftPpm: number;
}

/** A thread that comes this late to its card's period has slept through most packets' spare time. */
export const STALL_US = 3_000;

/** How one player's machine kept up with its sound card. */
export interface MachineReport {
  readonly player: string;
  readonly periods: number;
  /** Periods to whose end the sound thread came at least {@link STALL_US} late. */
  readonly stalledPeriods: number;
}

export interface RoomReport {
  readonly links: readonly LinkReport[];
  /** The reporter's own machine, where it looked at itself. */
  readonly machine?: MachineReport;
}

/** From string to ear, µs. */
export function oneWayUs(link: LinkReport): number {
  return link.inputUs + link.packetUs + link.networkUs + link.bufferUs + link.outputUs;
}

/** The link that a listener's stats describe. `inputUs` is what the sender says of its own card, 0 when it has not. */
export function linkOf(
  stats: StreamStats,
  names: { readonly from: string; readonly to: string },
  packetUs: number,
  inputUs: number,
): LinkReport {
  const share = (count: number, of: number): number => (of === 0 ? 0 : Math.min(1, count / of));
  return {
    ...names,
    inputUs,
    packetUs,
    networkUs: stats.networkUs,
    bufferUs: stats.bufferUs,
    outputUs: stats.outputUs,
    lossShare: share(stats.datagramsLost, stats.datagramsExpected),
    burstDatagrams: stats.lossRuns === 0 ? 1 : stats.datagramsLost / stats.lossRuns,
    lateUsP50: stats.lateUsP50,
    lateUsP99: stats.lateUsP99,
    lateUsP999: stats.lateUsP999,
    recoveredShare: share(stats.packetsRecovered, stats.packetsPlayed),
    concealedShare: share(stats.packetsConcealed, stats.packetsPlayed),
    lateShare: share(stats.packetsLate, stats.packetsPlayed),
    clockErrorUs: stats.clockErrorUs,
    driftPpm: stats.driftCentiPpm / 100,
  };
}
