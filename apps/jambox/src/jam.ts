import type { Socket } from 'node:dgram';
import { Failure } from '@jamnet/base';
import { limits, type PeerSession } from '@jamnet/toast';
import { HeardStream } from './heard-stream.ts';
import { localNowUs } from './local-clock.ts';
import { type Metronome, startMetronome } from './metronome.ts';
import type { PlayOptions } from './play-options.ts';
import type { LiveMetrics } from './play-report.ts';

/** The session is looked after this often while no beat does it. */
const TICK_MS = 5;
/** A player who is gone for so long does not come back into this evening. */
const GONE_AFTER_US = 2_000_000;
/** We stay so long after the last sound, that everybody hears from the relay where our stream ended. */
const LINGER_US = 400_000;
/** After SIGTERM others get this long for our last copies. */
const STOP_LINGER_US = 200_000;

/** One evening of one player: session, socket, virtual sound card, ears. Resolves when everything has sounded. */
export class Jam {
  readonly heard: HeardStream[] = [];
  readonly #options: PlayOptions;
  readonly #session: PeerSession;
  readonly #socket: Socket;
  readonly #input: readonly Int16Array[];
  readonly #periodUs: number;
  readonly #finished: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (reason: Failure) => void = () => undefined;
  #metronome: Metronome | null = null;
  #firstPeriodUs = 0;
  /** Periods since the room's start that are done, and the first in which we were there. */
  #period = 0;
  #basePeriod = -1;
  #isBeatQueued = false;
  /** The evening is done and the socket may be closed: beats that are still queued do nothing. */
  #isOver = false;
  #hasSentAll = false;
  #stopAskedUs = -1;
  #doneSinceUs = -1;

  constructor(options: PlayOptions, session: PeerSession, socket: Socket, input: readonly Int16Array[]) {
    this.#options = options;
    this.#session = session;
    this.#socket = socket;
    this.#input = input;
    this.#periodUs = (options.packetFrames / limits.SAMPLE_RATE_HZ) * 1e6;
    this.#finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Packets that left, in order. */
  get sent(): readonly Int16Array[] {
    return this.#input.slice(0, this.#session.packetsSent);
  }

  /** Ends the own stream now and leaves shortly after. */
  stop(): void {
    if (this.#stopAskedUs < 0) this.#stopAskedUs = localNowUs();
  }

  async play(): Promise<void> {
    this.#socket.on('message', (bytes) => {
      if (this.#isOver) return;
      this.#session.datagram(localNowUs(), bytes);
      this.#settle();
    });
    const timer = setInterval(() => this.#look(), TICK_MS);
    this.#look();
    try {
      await this.#finished;
    } finally {
      this.#isOver = true;
      clearInterval(timer);
      await this.#metronome?.stop();
    }
  }

  #look(): void {
    const nowUs = localNowUs();
    this.#session.tick(nowUs);
    if (this.#stopAskedUs >= 0 && this.#metronome === null) this.#session.leave(nowUs);
    this.#settle();
  }

  /** Sends what the session wants sent and acts on what it reports. */
  #settle(): void {
    for (
      let next = this.#session.outgoing.shift();
      next !== undefined;
      next = this.#session.outgoing.shift()
    ) {
      this.#socket.send(next, () => undefined);
    }
    for (
      let event = this.#session.events.shift();
      event !== undefined;
      event = this.#session.events.shift()
    ) {
      if (event.kind === 'refused') this.#reject(refusal(event.code));
      else if (event.kind === 'left' || event.kind === 'lost') this.#resolve();
      else if (event.kind === 'start') this.#begin(event.startAtUs);
      else if (event.kind === 'stream') this.#meet();
    }
    for (const stream of this.heard) stream.drainFresh();
  }

  #meet(): void {
    for (const receiver of this.#session.streams.slice(this.heard.length)) {
      this.heard.push(new HeardStream(receiver, this.#options.packetFrames));
    }
  }

  /** Starts the card: period n, from 1, ends n packet times after the room's start. A late joiner enters the running count. */
  #begin(startAtUs: number): void {
    const startUs = this.#session.localTimeUs(startAtUs) + (this.#options.cardPhaseUs ?? 0);
    this.#period = Math.max(0, Math.ceil((localNowUs() - startUs) / this.#periodUs));
    this.#basePeriod = this.#period;
    this.#firstPeriodUs = startUs;
    const firstBeatUs = startUs + (this.#period + 1) * this.#periodUs;
    this.#metronome = startMetronome(firstBeatUs, this.#periodUs, () => this.#queueBeat());
  }

  /** Behind the socket's turn of the event loop, so that a late beat still finds what arrived before it. */
  #queueBeat(): void {
    if (this.#isBeatQueued) return;
    this.#isBeatQueued = true;
    setImmediate(() => {
      this.#isBeatQueued = false;
      if (this.#isOver) return;
      const nowUs = localNowUs();
      if (nowUs < this.#firstPeriodUs + (this.#period + 1) * this.#periodUs) return;
      this.#beat(nowUs);
      this.#queueBeat();
    });
  }

  #beat(nowUs: number): void {
    this.#period++;
    this.#capture(nowUs);
    this.#session.tick(nowUs);
    this.#settle();
    for (const stream of this.heard) this.#hear(stream);
    this.#leaveWhenDone(nowUs);
  }

  /** The card's input of the period that just ended goes out. */
  #capture(nowUs: number): void {
    const packet = this.#stopAskedUs >= 0 ? undefined : this.#input[this.#session.packetsSent];
    if (packet !== undefined && !this.#hasSentAll)
      this.#session.sendAudio(nowUs, packet, this.#basePeriod * this.#options.packetFrames);
    else if (!this.#hasSentAll) {
      this.#hasSentAll = true;
      this.#session.finish(nowUs);
    }
    if (this.#hasSentAll) this.#session.sendTrail(nowUs);
  }

  #hear(stream: HeardStream): void {
    const index = stream.play(this.#period);
    if (index < 0) return;
    const sampleUs = this.#session.startAtUs + (stream.receiver.baseIndex + index) * this.#periodUs;
    stream.delays.add(this.#session.roomTimeUs(localNowUs()) - sampleUs);
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

  metrics(): LiveMetrics {
    const nowUs = this.#session.roomTimeUs(localNowUs());
    return {
      type: 'live',
      player: this.#options.player,
      phase: this.#metronome === null ? this.#session.phase : 'playing',
      atSeconds: this.#session.startAtUs === 0 ? 0 : rounded((nowUs - this.#session.startAtUs) / 1e6),
      sentPackets: this.#session.packetsSent,
      roundTripMs: rounded(this.#session.clock.roundTripUs / 1000),
      heard: this.heard.map((stream) => {
        const { packets, recovered, concealed, late } = stream.receiver.counters;
        const bufferMs = rounded((stream.receiver.delayPackets * this.#periodUs) / 1000);
        const transitMs = rounded(stream.receiver.transitUs / 1000);
        const delayMsP50 = stream.delays.quantileMs(0.5);
        const delayMsP99 = stream.delays.quantileMs(0.99);
        return {
          from: stream.from,
          packets,
          lost: recovered + concealed,
          recovered,
          concealed,
          late,
          bufferMs,
          transitMs,
          delayMsP50,
          delayMsP99,
        };
      }),
    };
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function refusal(code: string): Failure {
  return new Failure(
    code,
    code === 'relay-unreachable'
      ? 'The relay does not answer: check its address and that it runs, and that the join token is its own.'
      : `The relay refused the join: ${code}.`,
  );
}
