import { randomBytes } from 'node:crypto';
import { Failure, fromHex, present } from '@jamnet/base';
import { measureSlowness } from '@jamnet/pnbtr';
import { CONSENT, codedPlan, PeerSession } from '@jamnet/toast';
import { type CardPipes, openCard } from '../card/open-card.ts';
import { type Samples, to16Bits } from '../card/samples.ts';
import { nodeSealCrypto } from '../crypto/node-seal-crypto.ts';
import { Jam, type JamHooks } from '../evening/jam.ts';
import { ForecastThread } from '../forecast/forecast-thread.ts';
import { loadPlayerKeys } from '../identity/key-file.ts';
import { nodeIdentity } from '../identity/node-identity.ts';
import { localNowUs } from '../local-clock.ts';
import { MidiSource } from '../midi/midi-source.ts';
import { RawMidiOut } from '../midi/raw-midi-out.ts';
import { readMidiFile } from '../midi/read-midi-file.ts';
import { FirstBeat } from '../music/first-beat.ts';
import { RoomClick } from '../music/room-click.ts';
import { monotonicUs } from '../net/alarm-cells.ts';
import { openPeerPort } from '../net/peer-port.ts';
import { type PlayOptions, playoutOf } from '../play-options.ts';
import type { EngineReport, LiveMetrics, PlayReport } from '../play-report.ts';
import { lowerThread, raiseThread, type ThreadPriority } from '../realtime/priority.ts';
import { warmUp } from '../realtime/warm-up.ts';
import { SentStream } from '../sent-stream.ts';
import { openRoomTape } from '../takes/open-room-tape.ts';
import { writeTakes } from '../write-takes.ts';

/** Of a live input; what follows is sent but not kept. */
const SECONDS_KEPT_MAX = 1800;
const NORMAL: ThreadPriority = { scheduling: 'normal', timerSlackNs: 50_000 };

/** Joins a room, plays, hears the others, writes takes and WAV files: all of it in the calling thread. */
export async function playEvening(
  options: PlayOptions,
  pipes: CardPipes,
  hooks: JamHooks,
): Promise<PlayReport> {
  const { packetFrames, midiFile } = options;
  const notes = midiFile === undefined ? [] : readMidiFile(midiFile);
  const session = openSession(options);
  const { card, packets } = await openCard(options, session.packetUs, notes, pipes);
  const midiOut = options.midiOut === undefined ? null : new RawMidiOut(options.midiOut);
  warmUp({ ...redundancyOf(options), packetFrames, playout: playoutOf(options) });
  // After the warm-up: cold functions would make this machine look slow.
  const slowness = measureSlowness(() => performance.now(), packetFrames);
  const isDirect = options.direct !== undefined;
  const kind = options.udp === undefined ? {} : { kind: options.udp };
  const peerPort = await openPeerPort({
    relay: options.relay,
    isDirect,
    mayMove: options.door !== undefined,
    ...kind,
  });
  const { port, ownAddresses } = peerPort;
  if (isDirect) session.offerDirect(localNowUs(), options.direct === 'all' ? ownAddresses : []);
  const load = new ProcessLoad();
  const isKept = packets === null && options.consent.record;
  const live = isKept ? new SentStream(packetFrames, (SECONDS_KEPT_MAX * 48_000) / packetFrames) : null;
  const { room, player, consent, outputDirectory: directory } = options;
  const recording = openRoomTape({ directory, room, player, packetFrames, consent });
  // Without somewhere for the others' notes to sound nothing is foretold.
  const forecasts = midiOut === null ? null : new ForecastThread();
  const beat = FirstBeat.of(options.beat, randomBytes(4).readUInt32BE());
  const jam = new Jam(options, session, peerPort, card, {
    ...hooks,
    slowness,
    tape: recording.tape,
    notes: new MidiSource(notes),
    click: RoomClick.of(options.click),
    ...(beat === undefined ? {} : { beat }),
    ...(live === null ? {} : { sent: live }),
    ...(forecasts === null ? {} : { newForecaster: () => forecasts.newForecaster() }),
    ...(midiOut === null ? {} : { midiOut: (message) => midiOut.send(message) }),
    onMetrics: (metrics) => {
      load.look(metrics);
      hooks.onMetrics(metrics);
    },
  });
  const priority = options.mayUseRealtime === false ? NORMAL : raiseThread();
  try {
    await jam.play();
  } catch (cause) {
    // What was recorded so far is on the disk and can be recovered.
    recording.stop();
    throw cause;
  } finally {
    if (priority.scheduling === 'fifo') lowerThread();
    port.close();
    midiOut?.close();
    await forecasts?.stop();
  }
  const endMonotonicUs = monotonicUs() - localNowUs();
  const engine: EngineReport = {
    udp: port.kind,
    ...priority,
    latenessUsP50: jam.lateness.quantileMs(0.5) * 1000,
    latenessUsP99: jam.lateness.quantileMs(0.99) * 1000,
    periodsLate: jam.lateness.countAbove(jam.periodUs),
    periodsLateBy100Us: jam.lateness.tailBy100Us(),
    startMonotonicUs: jam.startedAtUs + endMonotonicUs,
    startMonotonicUsAtEnd: session.localTimeUs(session.startAtUs) + endMonotonicUs,
    cpuPercent: load.percent,
  };
  hooks.onMetrics(jam.metrics(localNowUs()));
  const sent = packets?.slice(0, session.packetsSent).map(in16Bits) ?? live?.packets() ?? [];
  const { links, redundancy } = jam;
  return {
    ...(await writeTakes({ options, startAtUs: session.startAtUs, sent, heard: jam.heard, recording })),
    isRelayLost: jam.isRelayLost,
    engine,
    redundancy,
    links,
  };
}

function in16Bits(packet: Samples): Int16Array {
  const kept = new Int16Array(packet.length);
  to16Bits(packet, kept);
  return kept;
}

/** Share of one core from the first sound to the last look at it: loading, joining and writing files are not what is asked. */
class ProcessLoad {
  percent = 0;
  #since: { readonly cpu: NodeJS.CpuUsage; readonly ms: number } | null = null;

  look(metrics: LiveMetrics): void {
    if (metrics.phase !== 'playing' || metrics.atSeconds < 0) return;
    this.#since ??= { cpu: process.cpuUsage(), ms: performance.now() };
    const { user, system } = process.cpuUsage(this.#since.cpu);
    const wallMs = Math.max(1, performance.now() - this.#since.ms);
    this.percent = Math.round((user + system) / wallMs) / 10;
  }
}

function openSession(options: PlayOptions): PeerSession {
  const { record, train, strangers } = options.consent;
  const { playoutDelayMs, adaptWithin, keyFile } = options;
  const session = PeerSession.open({
    crypto: nodeSealCrypto,
    joinToken: options.joinToken,
    roomKey: present(fromHex(options.roomKeyHex), 'room key'),
    packetFrames: options.packetFrames,
    sampleBits: options.sampleBits ?? 16,
    ...redundancyOf(options),
    startWhenPlayers: options.startWhenPlayers,
    listens: options.listens === true,
    joinIdBytes: randomBytes(16),
    epoch: randomBytes(4).readUInt32BE(),
    consent:
      (record ? CONSENT.record : 0) + (train ? CONSENT.train : 0) + (strangers ? CONSENT.strangers : 0),
    ...(playoutDelayMs === undefined ? {} : { fixedDelayMs: playoutDelayMs }),
    ...(adaptWithin === undefined ? {} : { adaptWithin }),
    ...(keyFile === undefined ? {} : { identity: nodeIdentity(loadPlayerKeys(keyFile)) }),
  });
  if (!session.ok) throw new Failure(session.code, session.message);
  return session.value;
}

function redundancyOf({ redundancyOffsets, coded, packing, bandwidthMax }: PlayOptions) {
  return {
    redundancyOffsets,
    ...(coded === undefined ? {} : { redundancy: codedPlan(coded.symbols, coded.depth) }),
    packing: packing === true,
    ...(bandwidthMax === undefined ? {} : { bandwidthMax }),
  };
}
