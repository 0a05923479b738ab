import { ok, type Result, refuse } from '@jamnet/base';
import { PLAYERS_PER_ROOM_MAX } from '../limits.ts';
import { viewOf } from './bytes53.ts';
import type { WireCode } from './header.ts';

export const STATS_BODY_BYTES = 72;
const VERSION = 1;

/** What a listener reports on one sender's stream. Packets are counted since it began. */
export interface StreamStats {
  /** Seat and epoch of the stream reported on. */
  readonly seat: number;
  readonly epoch: number;
  /** Of late: old datagrams weigh half after 3,000 newer ones. */
  readonly datagramsExpected: number;
  readonly datagramsLost: number;
  /** Runs of lost datagrams: lost ÷ runs is the mean burst. */
  readonly lossRuns: number;
  readonly packetsPlayed: number;
  readonly packetsRecovered: number;
  readonly packetsConcealed: number;
  readonly packetsLate: number;
  /** Lateness behind the quickest datagram, µs. */
  readonly lateUsP50: number;
  readonly lateUsP99: number;
  readonly lateUsP999: number;
  /** Stages, µs: the listener's own card in, the way, the buffer, the listener's card out. */
  readonly inputUs: number;
  readonly networkUs: number;
  readonly bufferUs: number;
  readonly outputUs: number;
  /** Half the least round trip to the relay: no error of the clock is larger, µs. */
  readonly clockErrorUs: number;
  /** Sender's card against the listener's, parts per million times 100, signed. */
  readonly driftCentiPpm: number;
}

const COUNTS = [
  'datagramsExpected',
  'datagramsLost',
  'lossRuns',
  'packetsPlayed',
  'packetsRecovered',
  'packetsConcealed',
  'packetsLate',
  'lateUsP50',
  'lateUsP99',
  'lateUsP999',
  'inputUs',
  'networkUs',
  'bufferUs',
  'outputUs',
  'clockErrorUs',
] as const satisfies readonly (keyof StreamStats)[];

export function encodeStatsBody(target: Uint8Array, stats: StreamStats): number {
  const view = viewOf(target);
  target.fill(0, 0, STATS_BODY_BYTES);
  view.setUint8(0, VERSION);
  view.setUint8(1, stats.seat);
  view.setUint32(4, stats.epoch);
  COUNTS.forEach((name, i) => {
    view.setUint32(8 + 4 * i, Math.max(0, Math.min(0xffffffff, Math.round(stats[name]))));
  });
  view.setInt32(68, Math.max(-100_000, Math.min(100_000, Math.round(stats.driftCentiPpm))));
  return STATS_BODY_BYTES;
}

export function decodeStatsBody(body: Uint8Array): Result<StreamStats, WireCode> {
  if (body.length < STATS_BODY_BYTES)
    return refuse('body-truncated', `A stats body has ${STATS_BODY_BYTES} bytes.`);
  const view = viewOf(body);
  if (view.getUint8(0) !== VERSION) return refuse('body-malformed', 'Known stats bodies: 1.');
  const seat = view.getUint8(1);
  if (seat >= PLAYERS_PER_ROOM_MAX) return refuse('body-malformed', 'A seat is 0 to 15.');
  const count = (name: (typeof COUNTS)[number]): number => view.getUint32(8 + 4 * COUNTS.indexOf(name));
  const stats: StreamStats = {
    seat,
    epoch: view.getUint32(4),
    datagramsExpected: count('datagramsExpected'),
    datagramsLost: count('datagramsLost'),
    lossRuns: count('lossRuns'),
    packetsPlayed: count('packetsPlayed'),
    packetsRecovered: count('packetsRecovered'),
    packetsConcealed: count('packetsConcealed'),
    packetsLate: count('packetsLate'),
    lateUsP50: count('lateUsP50'),
    lateUsP99: count('lateUsP99'),
    lateUsP999: count('lateUsP999'),
    inputUs: count('inputUs'),
    networkUs: count('networkUs'),
    bufferUs: count('bufferUs'),
    outputUs: count('outputUs'),
    clockErrorUs: count('clockErrorUs'),
    driftCentiPpm: view.getInt32(68),
  };
  if (stats.datagramsLost > stats.datagramsExpected || stats.lossRuns > stats.datagramsLost)
    return refuse('body-malformed', 'No more datagrams are lost than were expected, in no more runs.');
  if (Math.abs(stats.driftCentiPpm) > 100_000)
    return refuse('body-malformed', 'Cards differ by at most 1,000 ppm.');
  return ok(stats);
}
