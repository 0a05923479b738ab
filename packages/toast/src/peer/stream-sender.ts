import { assert } from '@jamnet/base';
import { nonceOf, SEAL_TAG_BYTES, type SealCrypto } from '../crypto/toast-crypto.ts';
import { AudioWriter } from '../jellie/audio-writer.ts';
import { type RedundancyPlan, reachOf } from '../jellie/redundancy-plan.ts';
import { DATAGRAM_BYTES_MAX } from '../limits.ts';
import {
  encodeHeader,
  FLAG_SEALED,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  heldBytes,
  PACKET_TYPE,
} from '../wire/header.ts';

export interface SenderOptions {
  readonly epoch: number;
  readonly frames: number;
  readonly sampleBytes: 2 | 3;
  readonly mayPack: boolean;
  readonly bandwidthMax: number;
  readonly plan: RedundancyPlan;
}

/** What a datagram's header says besides its own count. */
export interface SendPlace {
  readonly seat: number;
  /** Where the stream began on the room's timeline. */
  readonly baseSample: number;
  /** Room time, µs. */
  readonly sentAtUs: number;
  /** `FLAG_HELD` where some members get it straight from here. */
  readonly flags: number;
}

/** JELLIE's sending half: every datagram carries its packet and what the plan adds, sealed, with room for the hop's tag. */
export class StreamSender {
  /** May change between two packets. */
  plan: RedundancyPlan;
  /** Payload bytes of the packets sent, and bytes of the datagrams that carried them. */
  payloadBytes = 0;
  datagramBytes = 0;
  readonly #crypto: SealCrypto;
  #key: Uint8Array;
  #generation = 0;
  readonly #epoch: number;
  readonly #writer: AudioWriter;
  readonly #plain = new Uint8Array(DATAGRAM_BYTES_MAX);
  #sequence = 0;
  /** Packets of the finished stream, −1 while it plays. */
  #packets = -1;

  constructor(crypto: SealCrypto, key: Uint8Array, options: SenderOptions) {
    this.#crypto = crypto;
    this.#key = key;
    this.#epoch = options.epoch;
    this.#writer = new AudioWriter(options);
    this.plan = options.plan;
  }

  /** Seals with another key from the next datagram on. */
  rekey(generation: number, key: Uint8Array): void {
    this.#generation = generation;
    this.#key = key;
  }

  get packedShare(): number {
    return this.#writer.packedShare;
  }

  /** Packets sent so far, without the datagrams that only repeat. */
  get packets(): number {
    return this.#packets < 0 ? this.#sequence : this.#packets;
  }

  /** The datagram of the next packet. */
  next(pcm: Int16Array | Int32Array, place: SendPlace): Uint8Array {
    assert(this.#packets < 0, 'a finished stream sends no more packets');
    this.#writer.keep(this.#sequence, pcm);
    this.payloadBytes += this.#writer.frames * this.#writer.sampleBytes;
    const datagram = this.#datagram(place);
    assert(datagram !== null, 'a datagram carries its own packet');
    return datagram;
  }

  /** Ends the stream: what follows from {@link trail} only repeats. */
  finish(): void {
    if (this.#packets < 0) this.#packets = this.#sequence;
  }

  /** One of the datagrams behind the end that carry the last packets' copies, or `null` when all went. */
  trail(place: SendPlace): Uint8Array | null {
    if (this.#packets < 0) return null;
    while (this.#sequence < this.#packets + reachOf(this.plan)) {
      const datagram = this.#datagram(place);
      if (datagram !== null) return datagram;
    }
    return null;
  }

  #datagram({ seat, baseSample, sentAtUs, flags }: SendPlace): Uint8Array | null {
    const sequence = this.#sequence++;
    const end = this.#packets < 0 ? sequence + 1 : this.#packets;
    const plainBytes = this.#writer.write(this.#plain, sequence, end, this.plan, sentAtUs);
    if (plainBytes === 0) return null;
    const bodyBytes = plainBytes + SEAL_TAG_BYTES;
    const datagram = new Uint8Array(HEADER_BYTES + bodyBytes + heldBytes(flags) + HOP_TAG_BYTES);
    encodeHeader(datagram, {
      type: PACKET_TYPE.audio,
      stream: seat,
      flags: FLAG_SEALED | flags,
      epoch: this.#epoch,
      sequence,
      sampleTime: baseSample + sequence * this.#writer.frames,
      bodyBytes,
      generation: this.#generation,
    });
    const header = datagram.subarray(0, HEADER_BYTES);
    const plain = this.#plain.subarray(0, plainBytes);
    datagram.set(this.#crypto.seal(this.#key, nonceOf(datagram), header, plain), HEADER_BYTES);
    this.datagramBytes += datagram.length;
    return datagram;
  }
}
