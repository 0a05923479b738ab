import { assert, Ring } from '@jamnet/base';
import { type Addressed, TO_RELAY } from '../addressed.ts';
import { nonceOf, SEAL_TAG_BYTES, type SealCrypto, signHop } from '../crypto/toast-crypto.ts';
import { DATAGRAM_BYTES_MAX, OUTGOING_MAX } from '../limits.ts';
import { type ControlMessage, encodeControl } from '../wire/control-message.ts';
import {
  encodeHeader,
  FLAG_SEALED,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  PACKET_TYPE,
  type PacketType,
  STREAM_NONE,
} from '../wire/header.ts';
import { encodeSyncBody, SYNC_BODY_BYTES, type SyncRequest } from '../wire/sync-body.ts';

/** What seals a datagram: the key for its type, and which of the sender's generations it is. */
export interface SealingKey {
  readonly generation: number;
  readonly key: Uint8Array;
}

/** Makes this peer's datagrams, each type with its own count, and keeps them for the shell. */
export class Outbox {
  readonly datagrams = new Ring<Addressed>(OUTGOING_MAX);
  seat = STREAM_NONE;
  /** Datagrams that found no room: the shell has stopped sending. */
  dropped = 0;
  readonly #crypto: SealCrypto;
  readonly #hopKey: Uint8Array;
  readonly #epoch: number;
  /** Next sequence by type. */
  readonly #sequences = new Float64Array(8);

  constructor(crypto: SealCrypto, hopKey: Uint8Array, epoch: number) {
    this.#crypto = crypto;
    this.#hopKey = hopKey;
    this.#epoch = epoch;
  }

  push(bytes: Uint8Array, to = TO_RELAY): void {
    if (!this.datagrams.push({ to, bytes })) this.dropped++;
  }

  control(message: ControlMessage): void {
    const body = encodeControl(message);
    const bytes = HEADER_BYTES + body.length + HOP_TAG_BYTES;
    assert(bytes <= DATAGRAM_BYTES_MAX, 'control message fits a datagram');
    const datagram = new Uint8Array(bytes);
    datagram.set(body, HEADER_BYTES);
    this.#sign(datagram, PACKET_TYPE.control, body.length);
  }

  sync(request: SyncRequest): void {
    const datagram = new Uint8Array(HEADER_BYTES + SYNC_BODY_BYTES + HOP_TAG_BYTES);
    encodeSyncBody(datagram.subarray(HEADER_BYTES), request);
    this.#sign(datagram, PACKET_TYPE.sync, SYNC_BODY_BYTES);
  }

  /** MIDI or stats for the other members. */
  sealed(type: PacketType, sealing: SealingKey, sampleTime: number, plain: Uint8Array): void {
    const bodyBytes = plain.length + SEAL_TAG_BYTES;
    const datagram = new Uint8Array(HEADER_BYTES + bodyBytes + HOP_TAG_BYTES);
    this.#writeHeader(datagram, type, FLAG_SEALED, sampleTime, bodyBytes, sealing.generation);
    const header = datagram.subarray(0, HEADER_BYTES);
    datagram.set(this.#crypto.seal(sealing.key, nonceOf(datagram), header, plain), HEADER_BYTES);
    signHop(this.#crypto, this.#hopKey, datagram, bodyBytes);
    this.push(datagram);
  }

  #sign(datagram: Uint8Array, type: PacketType, bodyBytes: number): void {
    this.#writeHeader(datagram, type, 0, 0, bodyBytes, 0);
    signHop(this.#crypto, this.#hopKey, datagram, bodyBytes);
    this.push(datagram);
  }

  #writeHeader(
    datagram: Uint8Array,
    type: PacketType,
    flags: number,
    sampleTime: number,
    bodyBytes: number,
    generation: number,
  ): void {
    const sequence = this.#sequences[type] ?? 0;
    this.#sequences[type] = sequence + 1;
    encodeHeader(datagram, {
      type,
      stream: this.seat,
      flags,
      epoch: this.#epoch,
      sequence,
      sampleTime,
      bodyBytes,
      generation,
    });
  }
}
