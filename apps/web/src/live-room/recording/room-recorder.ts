import { type BeatRecord, RoomTape, type TakeConsent, type TapePort } from '@jamnet/jdat';
import { CONSENT, limits } from '@jamnet/toast';
import { HeardTape, type TapedReceiver } from './heard-tape.ts';
import type { NotingFiller } from './noting-filler.ts';
import { RECORDING_LIMITS } from './recording-limits.ts';

/** A player as the recorder sees him; the engine's `HeardPlayer` is one. */
export interface RecordedPlayer {
  readonly receiver: TapedReceiver;
  readonly filler: NotingFiller;
}

export interface RoomRecorderOptions {
  readonly room: string;
  readonly player: string;
  readonly packetFrames: number;
  /** The own: a sum of TOAST's `CONSENT`. */
  readonly consent: number;
  /** UTC µs of the room's sample 0. */
  readonly startedAtUs: number;
}

/** How a recording stands. */
export interface RecordingReport {
  readonly seconds: number;
  /** Blocks that the disk was too slow for: their sound is missing. */
  readonly droppedBlocks: number;
  /** Other players on the tape. */
  readonly heard: readonly string[];
}

/** The engine's end of a recording: the own sound as it is sent, and everybody heard who has agreed. Ends by itself at its limit. */
export class RoomRecorder {
  readonly #packetFrames: number;
  readonly #tape: RoomTape;
  readonly #heard = new Map<RecordedPlayer, HeardTape>();
  #firstSent = -1;
  #packets = 0;
  #lastBeat = -1;

  constructor(options: RoomRecorderOptions, port: TapePort) {
    const { room, player, packetFrames, consent, startedAtUs } = options;
    this.#packetFrames = packetFrames;
    this.#tape = new RoomTape(
      {
        directory: '',
        file: '',
        room,
        player,
        packetFrames,
        consent: consentOf(consent),
        waitingMax: RECORDING_LIMITS.waitingBlocks,
      },
      port,
    );
    this.#tape.begin(startedAtUs);
  }

  get isFull(): boolean {
    return this.#seconds >= RECORDING_LIMITS.seconds;
  }

  get #seconds(): number {
    return (this.#packets * this.#packetFrames) / limits.SAMPLE_RATE_HZ;
  }

  /** The packet just sent, which lies at `index` of the room's packet grid; without the own consent it goes nowhere. */
  sent(packet: Int16Array, index: number): void {
    if (this.#firstSent < 0) this.#firstSent = index;
    this.#tape.sent(packet, this.#firstSent);
  }

  /** Once a packet time. */
  follow(players: Iterable<RecordedPlayer>): void {
    this.#packets++;
    for (const player of players) {
      const tape = this.#heard.get(player) ?? this.#begin(player);
      tape?.drain();
    }
  }

  #begin(player: RecordedPlayer): HeardTape | null {
    const { receiver, filler } = player;
    const mayRecord = (receiver.member.consent & CONSENT.record) !== 0;
    // Before its first datagram a stream does not know its place.
    if (!mayRecord || receiver.newest < 0 || receiver.baseIndex < 0) return null;
    const tape = new HeardTape(receiver, filler, this.#packetFrames, this.#tape);
    this.#heard.set(player, tape);
    return tape;
  }

  /** A stream is over: the next of the same player goes on in the same track. */
  forget(player: RecordedPlayer): void {
    this.#heard.get(player)?.finish();
    this.#heard.delete(player);
  }

  /** A note that another player played, at a sample of the room's timeline. */
  note(joinId: string, atSample: number, message: Uint8Array): void {
    for (const [{ receiver }, tape] of this.#heard)
      if (receiver.member.joinId === joinId) tape.note(atSample, message);
  }

  /** A note of our own. */
  sentNote(atSample: number, message: Uint8Array): void {
    if (this.#firstSent >= 0) this.#tape.sentNote(atSample, message, this.#firstSent);
  }

  beats(entries: readonly Omit<BeatRecord, 'type'>[]): void {
    const last = entries.at(-1)?.id ?? -1;
    if (last === this.#lastBeat) return;
    this.#lastBeat = last;
    this.#tape.beats(entries);
  }

  report(): RecordingReport {
    return {
      seconds: this.#seconds,
      droppedBlocks: this.#tape.dropped,
      heard: [...this.#heard.values()].map(({ from }) => from),
    };
  }

  /** Gives away the rest; nothing may follow. */
  end(): void {
    for (const tape of this.#heard.values()) tape.finish();
    this.#heard.clear();
    this.#tape.end();
  }
}

function consentOf(consent: number): TakeConsent {
  return {
    record: (consent & CONSENT.record) !== 0,
    train: (consent & CONSENT.train) !== 0,
    strangers: (consent & CONSENT.strangers) !== 0,
  };
}
