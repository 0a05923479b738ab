import type { Forecaster } from '@jamnet/groove';
import type { RoomTape } from '@jamnet/jdat';
import type { PeerSession, RemotePlayer } from '@jamnet/toast';
import { type HeardOptions, HeardStream } from '../heard-stream.ts';
import type { MidiSink } from '../music/heard-notes.ts';
import type { RoomClick } from '../music/room-click.ts';
import { type PlayOptions, playoutOf } from '../play-options.ts';

/** Joins of others that are kept for the report of one evening, each with 1.1 MB of buffers; who comes after them is not heard. */
export const HEARD_MAX = 256;
/** A player who is gone for so long does not come back into this evening. */
const GONE_AFTER_US = 2_000_000;

/** Where goes what is heard. */
export interface HeardPlayersHooks {
  readonly tape?: RoomTape;
  readonly midiOut?: MidiSink;
  /** Listens to the band. */
  readonly click?: RoomClick;
  /** Who foretells drum hits; absent: `house-2`. */
  readonly newForecaster?: () => Forecaster;
  /** See {@link HeardOptions.slowness}. */
  readonly slowness?: number;
}

/** Everybody whom this listener heard in one evening, by join, and the sum of their sound. */
export class HeardPlayers {
  readonly streams: HeardStream[] = [];
  /** Joins that have an ear; the session forgets those that left long ago. */
  readonly #met = new WeakSet<RemotePlayer>();
  readonly #options: PlayOptions;
  readonly #session: PeerSession;
  readonly #hooks: HeardPlayersHooks;

  constructor(options: PlayOptions, session: PeerSession, hooks: HeardPlayersHooks) {
    this.#options = options;
    this.#session = session;
    this.#hooks = hooks;
  }

  /** Gives an ear to every player in the session who has none yet, up to {@link HEARD_MAX}; who only listens is not heard. */
  meet(): void {
    const { packetFrames } = this.#options;
    const reach = this.#session.redundancy.offsets.at(-1) ?? 0;
    const playout = playoutOf(this.#options);
    const { midiOut = nowhere, slowness, click, newForecaster } = this.#hooks;
    const onNote = (message: Uint8Array, atSample: number): void => click?.note(message, atSample);
    for (const remote of this.#session.players) {
      if (!remote.mayPlay || this.#met.has(remote) || this.streams.length >= HEARD_MAX) continue;
      this.#met.add(remote);
      const { timeline } = this.#session;
      const recording = this.#recording(remote);
      const told = { midiOut, onNote, timeline, newForecaster };
      const options = { packetFrames, playout, reach, slowness, ...told, ...recording };
      this.streams.push(new HeardStream(remote, options));
    }
  }

  #recording({ receiver }: RemotePlayer): Pick<HeardOptions, 'recording'> {
    const { tape } = this.#hooks;
    return tape === undefined ? {} : { recording: { tape, name: tape.nameOf(receiver.member.player) } };
  }

  /** Keeps what just arrived. */
  drainFresh(): void {
    for (let i = 0; i < this.streams.length; i++) this.streams[i]?.drainFresh();
  }

  /** Adds one period of everybody to `mix`, full scale ±1. `clockUs` tells when each is done: hearing takes time. */
  play(period: number, nowUs: number, mix: Float32Array, clockUs: () => number): void {
    for (let i = 0; i < this.streams.length; i++) {
      const stream = this.streams[i];
      if (stream === undefined) continue;
      const isSounding = stream.play(period, nowUs);
      stream.playNotes(nowUs, this.#session.localTimeUs(this.#session.startAtUs));
      if (!isSounding) continue;
      add(mix, stream.out);
      const localUs = clockUs();
      const roomUs = this.#session.roomTimeUs(localUs) - this.#session.startAtUs;
      stream.noteDelay(localUs, roomUs);
      this.#hooks.click?.sound(stream, stream.out, stream.heardSample(roomUs));
    }
  }

  /** Everybody's stream has ended, or its player has been gone for two seconds; to be asked at every period. */
  areDone(nowUs: number): boolean {
    let done = 0;
    // Each notes who is gone, so each is asked.
    for (let i = 0; i < this.streams.length; i++) if (this.streams[i]?.isDone(nowUs, GONE_AFTER_US)) done++;
    return done === this.streams.length;
  }

  /** Ends notes that still sound. */
  close(nowUs: number): void {
    for (const { notes } of this.streams) notes.close(nowUs);
  }
}

function add(mix: Float32Array, sound: Float32Array): void {
  for (let i = 0; i < sound.length; i++) mix[i] = (mix[i] ?? 0) + (sound[i] ?? 0);
}

function nowhere(): void {
  // No instrument is connected.
}
