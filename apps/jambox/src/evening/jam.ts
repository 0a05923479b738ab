import type { Failure } from '@jamnet/base';
import { type LinkReport, limits, type PeerSession } from '@jamnet/toast';
import type { Card } from '../card/card.ts';
import { DelayHistogram } from '../delay-histogram.ts';
import type { RelayState } from '../engine/engine-message.ts';
import type { HeardStream } from '../heard-stream.ts';
import type { FirstBeat } from '../music/first-beat.ts';
import type { PeerPort } from '../net/peer-port.ts';
import { runPorts } from '../net/run-ports.ts';
import { STOP, type UdpHandler, type UdpPort } from '../net/udp-port.ts';
import type { PlayOptions } from '../play-options.ts';
import type { LiveMetrics, RedundancyReport } from '../play-report.ts';
import { refusal } from '../refusal.ts';
import { Departure } from './departure.ts';
import { HeardPlayers, type HeardPlayersHooks } from './heard-players.ts';
import { liveMetrics, redundancyReport } from './live-figures.ts';
import { OwnStream, type OwnStreamHooks } from './own-stream.ts';
import { RoomLinks } from './room-links.ts';

/** The session is looked after this often while no beat does it. */
const LOOK_EVERY_US = 5_000;
const METRICS_EVERY_US = 250_000;
const LINKS_EVERY_US = 1_000_000;

/** `tape` records the evening; `sent` keeps what leaves, where the input is no file; `midiOut` takes the others' notes, in time. */
export interface JamHooks extends OwnStreamHooks, HeardPlayersHooks {
  /** The machine's clock, UTC µs that never step back: `localNowUs` where time is real. */
  readonly nowUs: () => number;
  /** For a room without a beat. */
  readonly beat?: FirstBeat;
  /** Asked at every wake-up: true ends the own stream and leaves the room. */
  readonly isStopAsked: () => boolean;
  readonly onMetrics: (metrics: LiveMetrics) => void;
  /** Told when the relay falls silent, and when it is heard. */
  readonly onRelay?: (state: RelayState) => void;
  /** Asked at every wake-up: where the relay is reached from now on, as the port spells it, or `null` where that is as before. */
  readonly newRelay?: () => string | null;
}

/** One evening of one player: session, port, card and ears take turns, all in one thread. */
export class Jam implements UdpHandler {
  /** How late the engine came to each end of a period. */
  readonly lateness = new DelayHistogram();
  /** The evening ended because the relay answered no more. */
  isRelayLost = false;
  readonly #player: string;
  readonly #session: PeerSession;
  readonly #port: UdpPort;
  #relayAddress: string;
  readonly #card: Card;
  readonly #hooks: JamHooks;
  readonly #own: OwnStream;
  readonly #others: HeardPlayers;
  readonly #links = new RoomLinks();
  readonly #departure = new Departure();
  readonly #periodUs: number;
  readonly #mix: Float32Array;
  #failure: Failure | null = null;
  /** Local time of the room's sample 0 as it was when the card was started; 0 before. */
  #startedAtUs = 0;
  /** Periods since the room's start that are done. */
  #period = 0;
  #isPlaying = false;
  #isOver = false;
  #metricsDueUs = 0;
  #linksDueUs = 0;

  constructor(options: PlayOptions, session: PeerSession, port: PeerPort, card: Card, hooks: JamHooks) {
    this.#player = options.player;
    this.#session = session;
    this.#port = port.port;
    this.#relayAddress = port.relayAddress;
    this.#card = card;
    this.#hooks = hooks;
    this.#own = new OwnStream(options, session, card, hooks);
    this.#others = new HeardPlayers(options, session, hooks);
    this.#periodUs = (options.packetFrames / limits.SAMPLE_RATE_HZ) * 1e6;
    this.#mix = new Float32Array(options.packetFrames);
  }

  /** Resolves when everything has sounded; fails with the reason why the room did not take this player, or no more. */
  async play(): Promise<void> {
    try {
      await runPorts([this.#port], this);
    } finally {
      this.#card.close();
      this.#others.close(this.#hooks.nowUs());
    }
    if (this.#failure !== null) throw this.#failure;
  }

  get heard(): readonly HeardStream[] {
    return this.#others.streams;
  }

  get startedAtUs(): number {
    return this.#startedAtUs;
  }

  get periodUs(): number {
    return this.#periodUs;
  }

  /** Every link of the room as its listener last reported it. */
  get links(): LinkReport[] {
    return this.#links.all;
  }

  get redundancy(): RedundancyReport {
    return redundancyReport(this.#session);
  }

  metrics(localUs: number): LiveMetrics {
    return liveMetrics(localUs, {
      player: this.#player,
      isPlaying: this.#isPlaying,
      session: this.#session,
      cardStumbles: this.#card.stumbles,
      click: this.#hooks.click?.metronome ?? null,
      heard: this.heard,
    });
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
    if (!this.#departure.isStopAsked && this.#hooks.isStopAsked()) this.#departure.askStop(nowUs);
    if (this.#departure.isStopAsked && !this.#isPlaying) this.#session.leave(nowUs);
  }

  #lookAtRelay(nowUs: number): void {
    const address = this.#hooks.newRelay?.() ?? null;
    if (address === null) return;
    this.#relayAddress = address;
    this.#session.moved(nowUs);
  }

  /** Sends what the session wants sent and acts on what it reports. */
  #settle(nowUs: number): void {
    const { outgoing, events } = this.#session;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift()) {
      this.#port.send(next.bytes, next.to === '' ? this.#relayAddress : next.to);
    }
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      if (event.kind === 'refused') this.#end(refusal(event.code));
      else if (event.kind === 'left' || event.kind === 'lost') {
        this.isRelayLost = event.kind === 'lost';
        this.#end(null);
      } else if (event.kind === 'superseded') this.#end(refusal(event.kind));
      else if (event.kind === 'silent') this.#hooks.onRelay?.('silent');
      else if (event.kind === 'seated') this.#hooks.onRelay?.('heard');
      else if (event.kind === 'start') this.#begin(nowUs, event.startAtUs);
      else if (event.kind === 'stream') this.#others.meet();
    }
    this.#others.drainFresh();
  }

  #end(failure: Failure | null): void {
    this.#failure ??= failure;
    this.#isOver = true;
  }

  /** Starts the card: period n, from 1, ends n packet times after the room's start. A late joiner enters the running count. */
  #begin(nowUs: number, startAtUs: number): void {
    this.#startedAtUs = this.#session.localTimeUs(startAtUs);
    this.#period = Math.max(0, Math.ceil((nowUs - this.#startedAtUs) / this.#periodUs));
    this.#own.begin(this.#period);
    this.#hooks.beat?.ask(this.#session, nowUs, this.#period * this.#mix.length);
    this.#hooks.tape?.begin(this.#startedAtUs);
    this.#card.start(this.#startedAtUs, this.#period);
    this.#isPlaying = true;
  }

  #beat(nowUs: number): void {
    this.lateness.add(nowUs - this.#card.dueUs);
    this.#period++;
    this.#own.capture(nowUs, this.#period, this.#departure.isStopAsked);
    this.#settle(nowUs);
    // Ours leaves before we turn to what the others sent.
    this.#port.flush();
    this.#mix.fill(0);
    this.#others.play(this.#period, nowUs, this.#mix, this.#hooks.nowUs);
    this.#addClick(nowUs);
    this.#card.play(this.#mix);
    const isHeardOut = this.#others.areDone(nowUs);
    const isDone = isHeardOut && this.#own.isOver && this.#session.isFinishKnown;
    if (this.#departure.isDue(nowUs, isDone)) this.#session.leave(nowUs);
  }

  /** A click is at the ear when what is played on it will be captured with the beat's own sample. */
  #addClick(nowUs: number): void {
    const cardUs = this.#card.inputUs + this.#card.outputUs;
    const sample = this.#session.sampleAt(nowUs) + (cardUs / 1e6) * limits.SAMPLE_RATE_HZ;
    this.#hooks.click?.metronome.addTo(this.#mix, sample, this.#session.timeline);
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
    this.#links.note(this.#session.report().links);
  }
}
