import type { BeatRecord } from '../multitrack/multitrack.ts';
import type { TakeConsent } from '../take.ts';
import { EAR, type SettledPackets } from './packet-store.ts';
import type { TapedStream, TapeMessage } from './tape-message.ts';

/** Messages that may wait for the disk, some 130 kB each: beyond them sound is left out of the take, and counted. */
export const TAPE_WAITING_MAX = 1024;
/** Packets of the own stream that go to the writer together. */
const SENT_BLOCK_PACKETS = 256;

/** Where a tape's messages go: a worker, or whoever stands for it. */
export interface TapePort {
  post(message: TapeMessage, transfer: readonly ArrayBuffer[]): void;
  /** Messages done so far. */
  readonly done: number;
}

export interface RoomTapeOptions {
  readonly directory: string;
  /** Path of the take. */
  readonly file: string;
  readonly room: string;
  readonly player: string;
  readonly packetFrames: number;
  readonly consent: TakeConsent;
  /** In place of {@link TAPE_WAITING_MAX}, where memory is scarcer. */
  readonly waitingMax?: number;
}

/** The engine's end of a recording: gives sound away in blocks and never waits. */
export class RoomTape {
  readonly file: string;
  /** Blocks that found too many before them and were left out. */
  dropped = 0;
  readonly #options: RoomTapeOptions;
  readonly #port: TapePort;
  readonly #names = new Set<string>();
  #posted = 0;
  #isBegun = false;
  #sent: Int16Array;
  #sentPackets = 0;
  #sentBase = -1;

  constructor(options: RoomTapeOptions, port: TapePort) {
    this.#options = options;
    this.#port = port;
    this.file = options.file;
    this.#sent = new Int16Array(SENT_BLOCK_PACKETS * options.packetFrames);
  }

  /** A name for files of what is heard of a player: each time another one. */
  nameOf(from: string): string {
    const wished = `${this.#options.player}-heard-${from}`;
    let name = wished;
    for (let n = 2; this.#names.has(name); n++) name = `${wished}-${n}`;
    this.#names.add(name);
    return name;
  }

  /** `startedAtUs`: UTC µs of the room's sample 0. */
  begin(startedAtUs: number): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const { room, player } = this.#options;
    this.#post({ type: 'begin', file: this.file, room, player, startedAtUs });
  }

  /** Messages that the writer has not done yet. */
  get waiting(): number {
    return this.#posted - this.#port.done;
  }

  /** The next packet of the own stream, whose first one lies at `baseIndex` on the room's packet grid. */
  sent(packet: Int16Array, baseIndex: number): void {
    if (!this.#options.consent.record) return;
    this.#sentBase = baseIndex;
    this.#sent.set(packet, (this.#sentPackets++ % SENT_BLOCK_PACKETS) * packet.length);
    if (this.#sentPackets % SENT_BLOCK_PACKETS === 0) this.#postSent(SENT_BLOCK_PACKETS);
  }

  #postSent(count: number): void {
    const { packetFrames, player, consent } = this.#options;
    const samples = this.#sent;
    this.#sent = new Int16Array(SENT_BLOCK_PACKETS * packetFrames);
    this.packets(
      { role: 'sent', from: player, consent, baseIndex: this.#sentBase, packetFrames },
      {
        first: this.#sentPackets - count,
        count,
        samples,
        came: new Uint8Array(count).fill(1),
        ear: new Uint8Array(count).fill(EAR.own),
        fill: new Int16Array(0),
      },
    );
  }

  packets(stream: TapedStream, packets: SettledPackets): void {
    const { samples, fill } = packets;
    this.#post({ type: 'packets', stream, packets }, [samples.buffer, fill.buffer] as ArrayBuffer[]);
  }

  over(stream: TapedStream, packets: number): void {
    this.#post({ type: 'over', stream, packets });
  }

  ear(file: string, samples: Int16Array): void {
    this.#post({ type: 'ear', file: `${this.#options.directory}/${file}`, samples }, [
      samples.buffer as ArrayBuffer,
    ]);
  }

  /** A note of another player, at a sample of the room's timeline. */
  note(stream: TapedStream, atSample: number, message: Uint8Array): void {
    this.#post({ type: 'note', stream, atSample, message });
  }

  /** A note that we played, at a sample of the room's timeline. */
  sentNote(atSample: number, message: Uint8Array, baseIndex: number): void {
    const { player, consent, packetFrames } = this.#options;
    if (consent.record)
      this.note({ role: 'sent', from: player, consent, baseIndex, packetFrames }, atSample, message);
  }

  beats(entries: readonly Omit<BeatRecord, 'type'>[]): void {
    if (entries.length > 0) this.#post({ type: 'beats', entries });
  }

  /** Gives away the rest; nothing may follow. */
  end(): void {
    const left = this.#sentPackets % SENT_BLOCK_PACKETS;
    if (left > 0) this.#postSent(left);
    this.#post({ type: 'end' });
  }

  #post(message: TapeMessage, transfer: readonly ArrayBuffer[] = []): void {
    const isSound = message.type === 'packets' || message.type === 'ear' || message.type === 'note';
    if (isSound && this.waiting >= (this.#options.waitingMax ?? TAPE_WAITING_MAX)) {
      this.dropped++;
      return;
    }
    this.#posted++;
    this.#port.post(
      message,
      transfer.filter((buffer) => buffer.byteLength > 0),
    );
  }
}
