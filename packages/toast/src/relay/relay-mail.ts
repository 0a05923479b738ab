import { assert, Ring } from '@jamnet/base';
import type { Addressed } from '../addressed.ts';
import { type HopCrypto, signHop } from '../crypto/toast-crypto.ts';
import { DATAGRAM_BYTES_MAX } from '../limits.ts';
import { type ControlMessage, encodeControl } from '../wire/control-message.ts';
import {
  encodeHeader,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  PACKET_TYPE,
  type PacketType,
  STREAM_RELAY,
} from '../wire/header.ts';
import { encodeSyncBody, SYNC_BODY_BYTES, type SyncAnswer } from '../wire/sync-body.ts';

/** Datagrams waiting for the shell, which drains after each one it feeds. */
export const RELAY_OUTGOING_MAX = 4096;

/** Whom a message of the relay's own goes to. */
export interface Recipient {
  readonly address: string;
  readonly hopKey: Uint8Array;
  readonly epoch: number;
  /** Next numbers of what the relay itself sends to a seat; who has none gets 0, since nothing is kept of strangers. */
  readonly counts?: { control: number; sync: number };
}

/** The relay's own datagrams, signed for their hop, and those it passes on. */
export class RelayMail {
  readonly outgoing = new Ring<Addressed>(RELAY_OUTGOING_MAX);
  /** Datagrams that found no room. */
  overflowed = 0;
  readonly #crypto: HopCrypto;

  constructor(crypto: HopCrypto) {
    this.#crypto = crypto;
  }

  pass(to: string, bytes: Uint8Array): void {
    if (!this.outgoing.push({ to, bytes })) this.overflowed++;
  }

  control(to: Recipient, message: ControlMessage): void {
    const body = encodeControl(message);
    const bytes = HEADER_BYTES + body.length + HOP_TAG_BYTES;
    assert(bytes <= DATAGRAM_BYTES_MAX, 'control message fits a datagram');
    const datagram = new Uint8Array(bytes);
    datagram.set(body, HEADER_BYTES);
    this.#sign(
      to,
      PACKET_TYPE.control,
      to.counts === undefined ? 0 : to.counts.control++,
      datagram,
      body.length,
    );
  }

  sync(to: Recipient & Required<Pick<Recipient, 'counts'>>, answer: SyncAnswer): void {
    const datagram = new Uint8Array(HEADER_BYTES + SYNC_BODY_BYTES + HOP_TAG_BYTES);
    encodeSyncBody(datagram.subarray(HEADER_BYTES), answer);
    this.#sign(to, PACKET_TYPE.sync, to.counts.sync++, datagram, SYNC_BODY_BYTES);
  }

  #sign(to: Recipient, type: PacketType, sequence: number, datagram: Uint8Array, bodyBytes: number): void {
    encodeHeader(datagram, {
      type,
      stream: STREAM_RELAY,
      flags: 0,
      epoch: to.epoch,
      sequence,
      sampleTime: 0,
      bodyBytes,
      generation: 0,
    });
    signHop(this.#crypto, to.hopKey, datagram, bodyBytes);
    this.pass(to.address, datagram);
  }
}
