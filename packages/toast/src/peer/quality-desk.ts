import { type Decision, type DecisionLimits, decide, strongest } from '../jellie/decide.ts';
import { MEMBERS_PER_ROOM_MAX, PLAYERS_PER_ROOM_MAX } from '../limits.ts';
import type { LinkReport, RoomReport } from '../quality/room-report.ts';
import { linkOf } from '../quality/room-report.ts';
import type { StreamStats } from '../wire/stats-body.ts';
import type { RemotePlayer } from './remote-player.ts';

/** Links of a full room: each player to everybody else. */
export const LINKS_MAX = PLAYERS_PER_ROOM_MAX * (MEMBERS_PER_ROOM_MAX - 1);

/** Gathers what listeners report, and what they need of our own stream. */
export class QualityDesk {
  readonly #links = new Map<string, LinkReport>();
  /** Decisions on our own stream by the listener's join. */
  readonly #wants = new Map<string, Decision>();

  /** Takes a listener's report on a sender; on itself nobody reports, and it would take the place of another. */
  take(stats: StreamStats, from: string, to: string, packetUs: number, inputUs: number): LinkReport {
    const link = linkOf(stats, { from, to }, packetUs, inputUs);
    const key = `${from}>${to}`;
    if (from !== to && (this.#links.has(key) || this.#links.size < LINKS_MAX)) this.#links.set(key, link);
    return link;
  }

  /** What a listener needs of our stream; answers the plan for all who are here. */
  want(listener: RemotePlayer, link: LinkReport, limits: DecisionLimits): Decision | null {
    const joinId = listener.member.joinId;
    this.#wants.set(joinId, decide(link, limits, this.#wants.get(joinId) ?? null));
    return strongest([...this.#wants.values()], limits);
  }

  /** Forgets who has left. */
  keep(players: ReadonlySet<string>, joins: ReadonlySet<string>): void {
    for (const [key, link] of this.#links)
      if (!players.has(link.from) || !players.has(link.to)) this.#links.delete(key);
    for (const joinId of this.#wants.keys()) if (!joins.has(joinId)) this.#wants.delete(joinId);
  }

  report(): RoomReport {
    return { links: [...this.#links.values()] };
  }
}

/** What this peer reports on one sender. */
export function statsOn(
  remote: RemotePlayer,
  own: { readonly inputUs: number; readonly outputUs: number; readonly clockErrorUs: number },
): StreamStats {
  const { receiver } = remote;
  const { meter, counters } = receiver;
  const least = Number.isFinite(meter.leastTransitUs) ? Math.max(0, meter.leastTransitUs) : 0;
  const lateUsP50 = meter.lateness.quantileUs(0.5);
  return {
    seat: receiver.member.seat,
    epoch: receiver.member.epoch,
    datagramsExpected: Math.round(meter.expected),
    datagramsLost: Math.round(meter.lost),
    lossRuns: Math.min(Math.round(meter.runs), Math.round(meter.lost)),
    packetsPlayed: counters.packets,
    packetsRecovered: counters.recovered,
    packetsConcealed: counters.concealed,
    packetsLate: counters.late,
    lateUsP50,
    lateUsP99: meter.lateness.quantileUs(0.99),
    lateUsP999: meter.lateness.quantileUs(0.999),
    inputUs: own.inputUs,
    networkUs: least + lateUsP50,
    bufferUs: receiver.bufferUs,
    outputUs: own.outputUs,
    clockErrorUs: own.clockErrorUs,
    driftCentiPpm: receiver.driftPpm * 100,
  };
}
