import { type Ear, PacketStore, type RoomTape, type TapedStream } from '@jamnet/jdat';
import { CONSENT, limits, type StreamReceiver } from '@jamnet/toast';
import type { NotingFiller } from './noting-filler.ts';
import { RECORDING_LIMITS } from './recording-limits.ts';

/** What the tape needs of a stream; TOAST's receiver is one. */
export type TapedReceiver = Pick<StreamReceiver, 'member' | 'baseIndex' | 'newest' | 'fresh' | 'copy16'>;

/** One other player on the tape, from the packet on that the ear takes next. Only for who has agreed: the caller asks first. */
export class HeardTape {
  readonly #receiver: TapedReceiver;
  readonly #filler: NotingFiller;
  readonly #tape: RoomTape;
  readonly #store: PacketStore;
  readonly #stream: TapedStream;
  readonly #fresh: Int16Array;
  /** Index in the stream of the tape's first packet. */
  readonly #first: number;

  constructor(receiver: TapedReceiver, filler: NotingFiller, packetFrames: number, tape: RoomTape) {
    this.#receiver = receiver;
    this.#filler = filler;
    this.#tape = tape;
    // An ear that has not begun yet begins near the newest.
    this.#first = filler.pulled > 0 ? filler.pulled : receiver.newest;
    this.#fresh = new Int16Array(packetFrames);
    this.#stream = streamOf(receiver, this.#first, packetFrames);
    const packetsMax = Math.ceil((RECORDING_LIMITS.seconds * limits.SAMPLE_RATE_HZ) / packetFrames);
    this.#store = new PacketStore(packetFrames, packetsMax, (packets) => tape.packets(this.#stream, packets));
    // What arrived while nobody recorded is done with, but for what the ear has still before it.
    while (receiver.fresh.shift() !== undefined);
    for (let index = this.#first; index <= receiver.newest; index++) this.#keep(index);
    filler.tape = this;
  }

  get from(): string {
    return this.#stream.from;
  }

  hear(index: number, ear: Ear): void {
    this.#store.hear(index - this.#first, ear);
  }

  fill(index: number, out: Float32Array): void {
    this.#store.fill(index - this.#first, out);
  }

  note(atSample: number, message: Uint8Array): void {
    this.#tape.note(this.#stream, atSample, message);
  }

  /** Keeps what has arrived since. */
  drain(): void {
    const { fresh } = this.#receiver;
    for (let index = fresh.shift(); index !== undefined; index = fresh.shift()) this.#keep(index);
  }

  #keep(index: number): void {
    if (index >= this.#first && this.#receiver.copy16(index, this.#fresh))
      this.#store.put(index - this.#first, this.#fresh);
  }

  /** Gives away what the ear has passed. */
  finish(): void {
    this.#filler.tape = null;
    const packets = Math.max(0, this.#filler.pulled - this.#first);
    this.#store.finish(packets);
    this.#tape.over(this.#stream, packets);
  }
}

function streamOf({ member, baseIndex }: TapedReceiver, first: number, packetFrames: number): TapedStream {
  const { player, consent } = member;
  return {
    role: 'heard',
    from: player,
    consent: {
      record: (consent & CONSENT.record) !== 0,
      train: (consent & CONSENT.train) !== 0,
      strangers: (consent & CONSENT.strangers) !== 0,
    },
    baseIndex: baseIndex + first,
    packetFrames,
  };
}
