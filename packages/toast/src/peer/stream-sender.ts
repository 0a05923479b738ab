import { assert } from '@jamnet/base';
import { nonceOf, SEAL_TAG_BYTES, type SealCrypto, signHop } from '../crypto/toast-crypto.ts';
import { COPY_OFFSET_MAX, DATAGRAM_BYTES_MAX } from '../limits.ts';
import { encodeAudioBody } from '../wire/audio-body.ts';
import { encodeHeader, FLAG_SEALED, HEADER_BYTES, HOP_TAG_BYTES, PACKET_TYPE } from '../wire/header.ts';

export interface SenderKeys {
  readonly seal: Uint8Array;
  readonly hop: Uint8Array;
}

/** JELLIE's sending half: every datagram carries its packet and copies of earlier ones, sealed and signed. */
export class StreamSender {
  readonly #crypto: SealCrypto;
  readonly #keys: SenderKeys;
  readonly #epoch: number;
  readonly #offsets: readonly number[];
  readonly #packetFrames: number;
  readonly #history: Int16Array[] = [];
  readonly #plain = new Uint8Array(DATAGRAM_BYTES_MAX);
  #sequence = 0;
  /** Packets of the finished stream, −1 while it plays. */
  #packets = -1;

  constructor(
    crypto: SealCrypto,
    keys: SenderKeys,
    epoch: number,
    packetFrames: number,
    offsets: readonly number[],
  ) {
    this.#crypto = crypto;
    this.#keys = keys;
    this.#epoch = epoch;
    this.#packetFrames = packetFrames;
    this.#offsets = offsets;
    for (let i = 0; i <= COPY_OFFSET_MAX; i++) this.#history.push(new Int16Array(packetFrames));
  }

  /** Packets sent so far, without the datagrams that only repeat. */
  get packets(): number {
    return this.#packets < 0 ? this.#sequence : this.#packets;
  }

  /** The datagram of the next packet. `baseSample` is where the stream began on the room's timeline. */
  next(pcm: Int16Array, seat: number, baseSample: number, sentAtUs: number): Uint8Array {
    assert(this.#packets < 0, 'a finished stream sends no more packets');
    this.#slot(this.#sequence).set(pcm);
    return this.#datagram(seat, baseSample, sentAtUs);
  }

  /** Ends the stream: what follows from {@link trail} only repeats. */
  finish(): void {
    if (this.#packets < 0) this.#packets = this.#sequence;
  }

  /** One of the datagrams behind the end that carry the last packets' copies, or `null` when all went. */
  trail(seat: number, baseSample: number, sentAtUs: number): Uint8Array | null {
    if (this.#packets < 0) return null;
    while (this.#sequence < this.#packets + (this.#offsets.at(-1) ?? 0)) {
      if (this.#planned().length > 0) return this.#datagram(seat, baseSample, sentAtUs);
      this.#sequence++;
    }
    return null;
  }

  /** Which packets the next datagram carries, by offset. */
  #planned(): number[] {
    const end = this.#packets < 0 ? this.#sequence + 1 : this.#packets;
    return [0, ...this.#offsets].filter(
      (offset) => this.#sequence - offset >= 0 && this.#sequence - offset < end,
    );
  }

  #datagram(seat: number, baseSample: number, sentAtUs: number): Uint8Array {
    const sequence = this.#sequence;
    const offsets = this.#planned();
    const plainBytes = encodeAudioBody(
      this.#plain,
      sentAtUs,
      offsets,
      offsets.map((offset) => this.#slot(sequence - offset)),
    );
    const bodyBytes = plainBytes + SEAL_TAG_BYTES;
    const datagram = new Uint8Array(HEADER_BYTES + bodyBytes + HOP_TAG_BYTES);
    encodeHeader(datagram, {
      type: PACKET_TYPE.audio,
      stream: seat,
      flags: FLAG_SEALED,
      epoch: this.#epoch,
      sequence,
      sampleTime: baseSample + sequence * this.#packetFrames,
      bodyBytes,
    });
    const header = datagram.subarray(0, HEADER_BYTES);
    const plain = this.#plain.subarray(0, plainBytes);
    datagram.set(this.#crypto.seal(this.#keys.seal, nonceOf(datagram), header, plain), HEADER_BYTES);
    signHop(this.#crypto, this.#keys.hop, datagram, bodyBytes);
    this.#sequence = sequence + 1;
    return datagram;
  }

  #slot(index: number): Int16Array {
    const slot = this.#history[index % this.#history.length];
    assert(slot !== undefined, 'history slot');
    return slot;
  }
}
