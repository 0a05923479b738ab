import type { PeerSession } from '@jamnet/toast';
import type { HeardStream } from '../heard-stream.ts';
import type { Metronome } from '../music/metronome.ts';
import type { LiveMetrics, RedundancyReport } from '../play-report.ts';
import { trustIn } from '../stream-trust.ts';

/** Of an evening, what its figures are read from. */
export interface LiveSources {
  readonly player: string;
  readonly isPlaying: boolean;
  readonly session: PeerSession;
  readonly cardStumbles: number;
  readonly click: Metronome | null;
  readonly heard: readonly HeardStream[];
}

/** How the evening goes at `localUs`. */
export function liveMetrics(localUs: number, sources: LiveSources): LiveMetrics {
  const { player, isPlaying, session, cardStumbles, click, heard } = sources;
  const roomUs = session.roomTimeUs(localUs);
  return {
    type: 'live',
    player,
    phase: isPlaying ? 'playing' : session.phase,
    atSeconds: session.startAtUs === 0 ? 0 : rounded((roomUs - session.startAtUs) / 1e6),
    sentPackets: session.packetsSent,
    roundTripMs: rounded(session.clock.roundTripUs / 1000),
    clockErrorMs: rounded(session.clock.roundTripUs / 2000),
    redundancy: redundancyReport(session),
    cardStumbles,
    position: positionOf(session, localUs),
    band: bandOf(click),
    heard: heard.map((stream) => linkOf(stream, session, localUs)),
  };
}

/** What our datagrams carried besides their own packets, so far. */
export function redundancyReport(session: PeerSession): RedundancyReport {
  const { scheme, offsets, symbols } = session.redundancy;
  const plan = scheme === 'copies' ? `copies ${offsets.join()}` : `coded ${symbols}/${offsets.length}`;
  return {
    plan: offsets.length === 0 ? 'none' : plan,
    changes: session.counters.adapted,
    bandwidthRatio: rounded(session.bandwidthRatio),
  };
}

function positionOf(session: PeerSession, localUs: number): LiveMetrics['position'] {
  const sample = session.sampleAt(localUs);
  const position = session.timeline.positionAt(sample);
  const entry = session.timeline.entryAt(sample);
  if (position === null || entry === null) return null;
  const { beatsPerBar, tempoMilliBpm } = entry;
  return {
    bar: position.bar,
    beat: rounded(position.beat),
    beatsPerBar,
    tempoBpm: tempoMilliBpm / 1000,
  };
}

function bandOf(click: Metronome | null): LiveMetrics['band'] {
  const place = click?.band ?? null;
  if (place === null) return null;
  const { offsetUs, tempoMilliBpm, isLed } = place;
  return { offsetMs: rounded(offsetUs / 1000), tempoBpm: tempoMilliBpm / 1000, isLed };
}

function linkOf(stream: HeardStream, session: PeerSession, localUs: number): LiveMetrics['heard'][number] {
  const way = session.wayTo(localUs, stream.remote.member.joinId);
  const { packets, recovered, concealed, late } = stream.receiver.counters;
  return {
    from: stream.from,
    packets,
    lost: recovered + concealed,
    recovered,
    concealed,
    late,
    bufferMs: rounded(stream.ear.bufferUs / 1000),
    transitMs: rounded(stream.receiver.transitUs / 1000),
    delayMsP50: stream.delays.quantileMs(0.5),
    delayMsP99: stream.delays.quantileMs(0.99),
    driftPpm: rounded(stream.receiver.driftPpm),
    forged: trustIn(stream.remote).forged,
    foretold: stream.notes.foretold,
    path: way.path,
    directTripMs: milliseconds(way.directTripUs),
    relayTripMs: milliseconds(way.relayTripUs),
  };
}

function milliseconds(us: number | null): number | null {
  return us === null ? null : rounded(us / 1000);
}

/** To a thousandth. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
