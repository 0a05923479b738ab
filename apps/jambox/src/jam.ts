import type { Failure } from '@jamnet/base';
import { type LinkReport, limits, type MidiEvent, type PeerSession, type RemotePlayer } from '@jamnet/toast';
import type { Card } from './card/card.ts';
import { DelayHistogram } from './delay-histogram.ts';
import type { RelayState } from './engine/engine-message.ts';
import { type HeardOptions, HeardStream } from './heard-stream.ts';
import type { MidiSink } from './midi/heard-notes.ts';
import type { MidiSource } from './midi/midi-source.ts';
import type { PeerPort } from './net/peer-port.ts';
import { runPorts } from './net/run-ports.ts';
import { STOP, type UdpHandler, type UdpPort } from './net/udp-port.ts';
import { type PlayOptions, playoutOf } from './play-options.ts';
import type { LiveMetrics, RedundancyReport } from './play-report.ts';
import { refusal } from './refusal.ts';
import type { SentStream } from './sent-stream.ts';
import { trustIn } from './stream-trust.ts';
import type { RoomTape } from './takes/room-tape.ts';

/** The session is looked after this often while no beat does it. */
const LOOK_EVERY_US = 5_000;
const METRICS_EVERY_US = 250_000;
const LINKS_EVERY_US = 1_000_000;
/** Links of a room of sixteen, and of those who come in their places. */
const LINKS_MAX = 1000;
/** Joins of others that are kept for the report of one evening; who comes after them is not heard. */
const HEARD_MAX = 1000;
/** A player who is gone for so long does not come back into this evening. */
const GONE_AFTER_US = 2_000_000;
/** We stay so long after the last sound, that everybody hears from the relay where our stream ended. */
const LINGER_US = 400_000;
/** After SIGTERM others get this long for our last copies. */
const STOP_LINGER_US = 200_000;

export interface JamHooks {
  /** The machine's clock, UTC µs that never step back: `localNowUs` where time is real. */
  readonly nowUs: () => number;
  /** Asked at every wake-up: true ends the own stream and leaves the room. */
  readonly isStopAsked: () => boolean;
  readonly onMetrics: (metrics: LiveMetrics) => void;
  /** Told when the relay falls silent, and when it is heard. */
  readonly onRelay?: (state: RelayState) => void;
  /** Asked at every wake-up: where the relay is reached from now on, as the port spells it, or `null` where that is as before. */
  readonly newRelay?: () => string | null;
  /** Records the evening. */
  readonly tape?: RoomTape;
  /** Keeps what leaves, where the input is not a file that has it. */
  readonly sent?: SentStream;
  /** Notes to play into the room. */
  readonly notes?: MidiSource;
  /** Takes what the others' notes are to sound like, in time. */
  readonly midiOut?: MidiSink;
}

/** One evening of one player: session, port, card and ears, all in the turns of one thread. */
export class Jam implements UdpHandler {
  readonly heard: HeardStream[] = [];
  /** Joins that have an ear; the session forgets those that left long ago. */
  readonly #met = new WeakSet<RemotePlayer>();
  /** How late the engine came to each end of a period. */
  readonly lateness = new DelayHistogram();
  /** The evening ended because the relay answered no more. */
  isRelayLost = false;
  readonly #options: PlayOptions;
  readonly #session: PeerSession;
  readonly #port: UdpPort;
  #relayAddress: string;
  readonly #card: Card;
  readonly #hooks: JamHooks;
  readonly #periodUs: number;
  readonly #packetsMax: number;
  readonly #captured: Int16Array;
  readonly #mix: Float32Array;
  #failure: Failure | null = null;
  /** Local time of the room's sample 0 as it was when the card was started; 0 before. */
  #startedAtUs = 0;
  /** Periods since the room's start that are done, and the first in which we were there. */
  #period = 0;
  #basePeriod = -1;
  #isPlaying = false;
  #isOver = false;
  #hasSentAll = false;
  #stopAskedUs = -1;
  #doneSinceUs = -1;
  #metricsDueUs = 0;
  #linksDueUs = 0;
  /** By sender and listener, as last reported: who has left stays known. */
  readonly #links = new Map<string, LinkReport>();

  constructor(options: PlayOptions, session: PeerSession, port: PeerPort, card: Card, hooks: JamHooks) {
    this.#options = options;
    this.#session = session;
    this.#port = port.port;
    this.#relayAddress = port.relayAddress;
    this.#card = card;
    this.#hooks = hooks;
    this.#periodUs = (options.packetFrames / limits.SAMPLE_RATE_HZ) * 1e6;
    const { secondsMax = Number.POSITIVE_INFINITY } = options;
    this.#packetsMax = Math.ceil((secondsMax * limits.SAMPLE_RATE_HZ) / options.packetFrames);
    this.#captured = new Int16Array(options.packetFrames);
    this.#mix = new Float32Array(options.packetFrames);
  }

  /** Resolves when everything has sounded. */
  async play(): Promise<void> {
    try {
      await runPorts([this.#port], this);
    } finally {
      this.#card.close();
      for (const { notes } of this.heard) notes.close(this.#hooks.nowUs());
    }
    if (this.#failure !== null) throw this.#failure;
  }

  get startedAtUs(): number {
    return this.#startedAtUs;
  }

  get periodUs(): number {
    return this.#periodUs;
  }

  datagram(nowUs: number, bytes: Uint8Array, from: string): void {
    this.#session.datagram(nowUs, bytes, from === this.#relayAddress ? '' : from);
  }

  wake(nowUs: number): number {
    this.#lookAtStop(nowUs);
    this.#lookAtRelay(nowUs);
    this.#session.tick(nowUs);
    this.#settle(nowUs);
    if (this.#isOver) return STOP;
    if (this.#isPlaying && this.#card.isDue(nowUs)) this.#beat(nowUs);
    if (this.#isOver) return STOP;
    this.#tell(nowUs);
    const look = Math.max(nowUs, Math.min(this.#session.nextTickUs, nowUs + LOOK_EVERY_US));
    return this.#isPlaying ? Math.min(look, this.#card.dueUs) : look;
  }

  #lookAtStop(nowUs: number): void {
    if (this.#stopAskedUs < 0 && this.#hooks.isStopAsked()) this.#stopAskedUs = nowUs;
    if (this.#stopAskedUs >= 0 && !this.#isPlaying) this.#session.leave(nowUs);
  }

  #lookAtRelay(nowUs: number): void {
    const address = this.#hooks.newRelay?.() ?? null;
    if (address === null) return;
    this.#relayAddress = address;
    this.#session.moved(nowUs);
  }

  /** Sends what the session wants sent and acts on what it reports. */
  #settle(nowUs: number): void {
    for (
      let next = this.#session.outgoing.shift();
      next !== undefined;
      next = this.#session.outgoing.shift()
    ) {
      this.#port.send(next.bytes, next.to === '' ? this.#relayAddress : next.to);
    }
    for (
      let event = this.#session.events.shift();
      event !== undefined;
      event = this.#session.events.shift()
    ) {
      if (event.kind === 'refused') this.#end(refusal(event.code));
      else if (event.kind === 'left' || event.kind === 'lost') {
        this.isRelayLost = event.kind === 'lost';
        this.#end(null);
      } else if (event.kind === 'superseded') this.#end(refusal(event.kind));
      else if (event.kind === 'silent') this.#hooks.onRelay?.('silent');
      else if (event.kind === 'seated') this.#hooks.onRelay?.('heard');
      else if (event.kind === 'start') this.#begin(nowUs, event.startAtUs);
      else if (event.kind === 'stream') this.#meet();
    }
    for (let i = 0; i < this.heard.length; i++) this.heard[i]?.drainFresh();
  }

  #end(failure: Failure | null): void {
    this.#failure ??= failure;
    this.#isOver = true;
  }

  #meet(): void {
    const { packetFrames } = this.#options;
    const reach = this.#session.redundancy.offsets.at(-1) ?? 0;
    const playout = playoutOf(this.#options);
    const { midiOut = nowhere } = this.#hooks;
    for (const remote of this.#session.players) {
      if (this.#met.has(remote) || this.heard.length >= HEARD_MAX) continue;
      this.#met.add(remote);
      const { timeline } = this.#session;
      const options = { packetFrames, playout, reach, midiOut, timeline, ...this.#recording(remote) };
      this.heard.push(new HeardStream(remote, options));
    }
  }

  #recording({ receiver }: RemotePlayer): Pick<HeardOptions, 'recording'> {
    const { tape } = this.#hooks;
    return tape === undefined ? {} : { recording: { tape, name: tape.nameOf(receiver.member.player) } };
  }

  /** Starts the card: period n, from 1, ends n packet times after the room's start. A late joiner enters the running count. */
  #begin(nowUs: number, startAtUs: number): void {
    this.#startedAtUs = this.#session.localTimeUs(startAtUs);
    this.#period = Math.max(0, Math.ceil((nowUs - this.#startedAtUs) / this.#periodUs));
    this.#basePeriod = this.#period;
    this.#hooks.tape?.begin(this.#startedAtUs);
    this.#card.start(this.#startedAtUs, this.#period);
    this.#isPlaying = true;
  }

  #beat(nowUs: number): void {
    this.lateness.add(nowUs - this.#card.dueUs);
    this.#period++;
    this.#capture(nowUs);
    this.#settle(nowUs);
    // Ours leaves before we turn to what the others sent.
    this.#port.flush();
    this.#mix.fill(0);
    for (let i = 0; i < this.heard.length; i++) this.#hear(nowUs, this.heard[i]);
    this.#card.play(this.#mix);
    this.#leaveWhenDone(nowUs);
  }

  /** The card's input of the period that just ended goes out. */
  #capture(nowUs: number): void {
    const mayGoOn = this.#stopAskedUs < 0 && this.#session.packetsSent < this.#packetsMax;
    const hasSound = this.#card.capture(this.#captured) && mayGoOn;
    if (this.#hooks.notes !== undefined) this.#playNotes(nowUs, this.#hooks.notes);
    if (hasSound && !this.#hasSentAll) this.#send(nowUs);
    else if (!this.#hasSentAll) {
      this.#hasSentAll = true;
      this.#session.finish(nowUs);
    }
    if (this.#hasSentAll) this.#session.sendTrail(nowUs);
  }

  #send(nowUs: number): void {
    const before = this.#session.packetsSent;
    this.#session.sendAudio(nowUs, this.#captured, this.#basePeriod * this.#options.packetFrames);
    if (this.#session.packetsSent === before) return;
    this.#hooks.tape?.sent(this.#captured, this.#basePeriod);
    this.#hooks.sent?.keep(this.#captured);
  }

  /** Notes whose place lies in the period that ended; once we stop, the ends of all that sound. */
  #playNotes(nowUs: number, notes: MidiSource): void {
    if (notes.isSilent) return;
    const { packetFrames } = this.#options;
    const baseSample = this.#basePeriod * packetFrames;
    const send = ({ atSample, message }: MidiEvent): void => {
      const isSent = this.#session.sendMidi(nowUs, message, baseSample + atSample).ok;
      if (isSent) this.#hooks.tape?.sentNote(baseSample + atSample, message, this.#basePeriod);
    };
    if (this.#stopAskedUs < 0) notes.play(this.#period * packetFrames - baseSample, send);
    else notes.stop(this.#period * packetFrames - baseSample, send);
  }

  #hear(nowUs: number, stream: HeardStream | undefined): void {
    if (stream === undefined) return;
    const isSounding = stream.play(this.#period, nowUs);
    stream.playNotes(nowUs, this.#session.localTimeUs(this.#session.startAtUs));
    if (!isSounding) return;
    const { out } = stream;
    for (let i = 0; i < out.length; i++) this.#mix[i] = (this.#mix[i] ?? 0) + (out[i] ?? 0);
    const localUs = this.#hooks.nowUs();
    stream.noteDelay(localUs, this.#session.roomTimeUs(localUs) - this.#session.startAtUs);
  }

  #leaveWhenDone(nowUs: number): void {
    const isStopped = this.#stopAskedUs >= 0 && nowUs - this.#stopAskedUs > STOP_LINGER_US;
    const isOver = this.heard.every((stream) => stream.isDone(nowUs, GONE_AFTER_US));
    if (!isStopped && !(this.#hasSentAll && isOver && this.#session.isFinishKnown)) {
      this.#doneSinceUs = -1;
      return;
    }
    if (this.#doneSinceUs < 0) this.#doneSinceUs = nowUs;
    if (isStopped || nowUs - this.#doneSinceUs > LINGER_US) this.#session.leave(nowUs);
  }

  #tell(nowUs: number): void {
    if (nowUs < this.#metricsDueUs) return;
    this.#metricsDueUs = nowUs + METRICS_EVERY_US;
    this.#session.inputUs = this.#card.inputUs;
    this.#session.outputUs = this.#card.outputUs;
    if (this.#isPlaying && nowUs >= this.#linksDueUs) this.#noteLinks(nowUs);
    this.#hooks.onMetrics(this.metrics(nowUs));
  }

  #noteLinks(nowUs: number): void {
    this.#linksDueUs = nowUs + LINKS_EVERY_US;
    this.#hooks.tape?.beats(this.#session.timeline.entries);
    for (const link of this.#session.report().links) {
      // Of who only listens nothing came: there is nothing to judge.
      if (link.lateUsP999 === 0) continue;
      const key = `${link.from}>${link.to}`;
      if (this.#links.has(key) || this.#links.size < LINKS_MAX) this.#links.set(key, link);
    }
  }

  /** Every link of the room as its listener last reported it. */
  get links(): LinkReport[] {
    return [...this.#links.values()];
  }

  get redundancy(): RedundancyReport {
    const { scheme, offsets, symbols } = this.#session.redundancy;
    const isNone = offsets.length === 0;
    const plan = scheme === 'copies' ? `copies ${offsets.join()}` : `coded ${symbols}/${offsets.length}`;
    return {
      plan: isNone ? 'none' : plan,
      changes: this.#session.counters.adapted,
      bandwidthRatio: rounded(this.#session.bandwidthRatio),
    };
  }

  #position(localUs: number): LiveMetrics['position'] {
    const position = this.#session.timeline.positionAt(this.#session.sampleAt(localUs));
    return position === null ? null : { bar: position.bar, beat: rounded(position.beat) };
  }

  metrics(localUs: number): LiveMetrics {
    const nowUs = this.#session.roomTimeUs(localUs);
    return {
      type: 'live',
      player: this.#options.player,
      phase: this.#isPlaying ? 'playing' : this.#session.phase,
      atSeconds: this.#session.startAtUs === 0 ? 0 : rounded((nowUs - this.#session.startAtUs) / 1e6),
      sentPackets: this.#session.packetsSent,
      roundTripMs: rounded(this.#session.clock.roundTripUs / 1000),
      clockErrorMs: rounded(this.#session.clock.roundTripUs / 2000),
      redundancy: this.redundancy,
      cardStumbles: this.#card.stumbles,
      position: this.#position(localUs),
      heard: this.heard.map((stream) => this.#linkOf(stream, localUs)),
    };
  }

  #linkOf(stream: HeardStream, localUs: number): LiveMetrics['heard'][number] {
    const way = this.#session.wayTo(localUs, stream.remote.member.joinId);
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
      path: way.path,
      directTripMs: milliseconds(way.directTripUs),
      relayTripMs: milliseconds(way.relayTripUs),
    };
  }
}

function nowhere(): void {
  // No instrument is connected.
}

function milliseconds(us: number | null): number | null {
  return us === null ? null : rounded(us / 1000);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
