import { assert, Ring } from '@jamnet/base';
import { type Addressed, TO_RELAY } from '../addressed.ts';
import { nonceOf, SEAL_TAG_BYTES, type SealCrypto, signHop } from '../crypto/toast-crypto.ts';
import type { DirectPath } from '../direct/direct-path.ts';
import { DATAGRAM_BYTES_MAX, OUTGOING_MAX } from '../limits.ts';
import { type ControlMessage, encodeControl } from '../wire/control-message.ts';
import {
  encodeHeader,
  FLAG_HELD,
  FLAG_SEALED,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  heldBytes,
  PACKET_TYPE,
  type PacketType,
  STREAM_NONE,
} from '../wire/header.ts';
import { writeHeldSeats } from '../wire/held-seats.ts';
import { encodeProbe, PROBE_BODY_BYTES, type Probe } from '../wire/probe-body.ts';
import { encodeSyncBody, SYNC_BODY_BYTES, type SyncRequest } from '../wire/sync-body.ts';

const FLAGS_AT = 7;

/** Where a datagram for all members goes: straight to some, and over the relay when somebody is left. */
export interface Route {
  readonly direct: readonly DirectPath[];
  /** Bit n: seat n is among {@link direct}. */
  readonly held: number;
  readonly isRelayNeeded: boolean;
}

export const OVER_THE_RELAY: Route = { direct: [], held: 0, isRelayNeeded: true };

/** What seals a datagram: the key for its type, and which of the sender's generations it is. */
export interface SealingKey {
  readonly generation: number;
  readonly key: Uint8Array;
}

/** Makes this peer's datagrams, each type with its own count, and keeps them for the shell. */
export class Outbox {
  readonly datagrams = new Ring<Addressed>(OUTGOING_MAX);
  seat = STREAM_NONE;
  /** Where datagrams for all members go; the direct desk says so before each turn. */
  route: Route = OVER_THE_RELAY;
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

  #push(bytes: Uint8Array, to: string): void {
    if (!this.datagrams.push({ to, bytes })) this.dropped++;
  }

  /** What a datagram for the members must have in its header as things stand. */
  get heldFlag(): number {
    return this.route.held === 0 || !this.route.isRelayNeeded ? 0 : FLAG_HELD;
  }

  /** Sends a sealed datagram, which has room for what its flags say, to everybody: once to each. */
  toMembers(datagram: Uint8Array, bodyBytes: number): void {
    const { direct, held, isRelayNeeded } = this.route;
    const heldTo = bodyBytes + heldBytes(datagram[FLAGS_AT] ?? 0);
    if (heldTo > bodyBytes) writeHeldSeats(datagram, bodyBytes, held);
    for (let i = 0; i < direct.length; i++) {
      const path = direct[i];
      if (path?.best == null) continue;
      const isLast = i === direct.length - 1 && !isRelayNeeded;
      const copy = isLast ? datagram : datagram.slice();
      copy.set(path.send.tag, HEADER_BYTES + heldTo);
      this.#push(copy, path.best.address);
    }
    if (!isRelayNeeded) return;
    signHop(this.#crypto, this.#hopKey, datagram, heldTo);
    this.#push(datagram, TO_RELAY);
  }

  /** A probe of a direct path, under the key of its direction. */
  probe(to: string, key: Uint8Array, probe: Probe): void {
    const datagram = new Uint8Array(HEADER_BYTES + PROBE_BODY_BYTES + HOP_TAG_BYTES);
    encodeProbe(datagram.subarray(HEADER_BYTES), probe);
    this.#writeHeader(datagram, PACKET_TYPE.probe, 0, 0, PROBE_BODY_BYTES, 0);
    signHop(this.#crypto, key, datagram, PROBE_BODY_BYTES);
    this.#push(datagram, to);
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
    const flags = FLAG_SEALED | this.heldFlag;
    const datagram = new Uint8Array(HEADER_BYTES + bodyBytes + heldBytes(flags) + HOP_TAG_BYTES);
    this.#writeHeader(datagram, type, flags, sampleTime, bodyBytes, sealing.generation);
    const header = datagram.subarray(0, HEADER_BYTES);
    datagram.set(this.#crypto.seal(sealing.key, nonceOf(datagram), header, plain), HEADER_BYTES);
    this.toMembers(datagram, bodyBytes);
  }

  #sign(datagram: Uint8Array, type: PacketType, bodyBytes: number): void {
    this.#writeHeader(datagram, type, 0, 0, bodyBytes, 0);
    signHop(this.#crypto, this.#hopKey, datagram, bodyBytes);
    this.#push(datagram, TO_RELAY);
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
