import { ok, type Result, refuse } from '@jamnet/base';
import { DATAGRAM_BYTES_MAX } from '../limits.ts';
import { readUint53, viewOf, writeUint53 } from './bytes53.ts';

/** Bytes of the fixed header (SPEC.md §2). */
export const HEADER_BYTES = 32;
/** Bytes of the truncated HMAC-SHA-256 behind the body. */
export const HOP_TAG_BYTES = 8;
/** ASCII `TOST`. */
export const MAGIC = 0x544f5354;
export const VERSION = 3;

export const PACKET_TYPE = { audio: 1, midi: 2, sync: 3, control: 4, stats: 5 } as const;
export type PacketType = (typeof PACKET_TYPE)[keyof typeof PACKET_TYPE];

/** `stream` of the relay's own messages, and of a peer that has no seat yet. */
export const STREAM_RELAY = 0xfe;
export const STREAM_NONE = 0xff;
/** Flag bit 0: the body is AES-256-GCM ciphertext with its 16-byte tag. */
export const FLAG_SEALED = 1;

export interface Header {
  readonly type: PacketType;
  /** Seat of the sender in the room, 0–15, or {@link STREAM_RELAY} or {@link STREAM_NONE}. */
  readonly stream: number;
  readonly flags: number;
  /** Drawn by the sender for each join; first half of the nonce. */
  readonly epoch: number;
  /** Counts the datagrams of one sender and type, from 0. */
  readonly sequence: number;
  /** First sample of the packet on the room's timeline, at 48 kHz. */
  readonly sampleTime: number;
  readonly bodyBytes: number;
  /** Which of the sender's keys seals the body: 0 the one from the room key, then one per rotation. */
  readonly generation: number;
}

export type WireCode =
  | 'too-short'
  | 'too-long'
  | 'not-toast'
  | 'version-unknown'
  | 'type-unknown'
  | 'number-too-large'
  | 'body-truncated'
  | 'body-malformed';

/** Writes the header at the start of `datagram`. */
export function encodeHeader(datagram: Uint8Array, header: Header): void {
  const view = viewOf(datagram);
  view.setUint32(0, MAGIC);
  view.setUint8(4, VERSION);
  view.setUint8(5, header.type);
  view.setUint8(6, header.stream);
  view.setUint8(7, header.flags);
  view.setUint32(8, header.epoch);
  writeUint53(view, 12, header.sequence);
  writeUint53(view, 20, header.sampleTime);
  view.setUint16(28, header.bodyBytes);
  view.setUint16(30, header.generation);
}

/** Reads the header and checks that body and hop tag lie inside the datagram; bytes behind the tag are skipped. */
export function decodeHeader(datagram: Uint8Array): Result<Header, WireCode> {
  if (datagram.length < HEADER_BYTES)
    return refuse('too-short', `A datagram has at least ${HEADER_BYTES} bytes.`);
  if (datagram.length > DATAGRAM_BYTES_MAX)
    return refuse('too-long', `Send at most ${DATAGRAM_BYTES_MAX} bytes.`);
  const view = viewOf(datagram);
  if (view.getUint32(0) !== MAGIC) return refuse('not-toast', 'A datagram begins with the letters TOST.');
  if (view.getUint8(4) !== VERSION) return refuse('version-unknown', `Speak version ${VERSION}.`);
  const type = packetTypeOf(view.getUint8(5));
  if (type === null) return refuse('type-unknown', 'Known types are 1 to 5.');
  const sequence = readUint53(view, 12);
  const sampleTime = readUint53(view, 20);
  if (sequence < 0 || sampleTime < 0)
    return refuse('number-too-large', 'Sequence and sample time stay below 2^53.');
  const bodyBytes = view.getUint16(28);
  if (HEADER_BYTES + bodyBytes + HOP_TAG_BYTES > datagram.length) {
    return refuse('body-truncated', 'Body and hop tag must lie inside the datagram.');
  }
  return ok({
    type,
    stream: view.getUint8(6),
    flags: view.getUint8(7),
    epoch: view.getUint32(8),
    sequence,
    sampleTime,
    bodyBytes,
    generation: view.getUint16(30),
  });
}

function packetTypeOf(byte: number): PacketType | null {
  for (const type of Object.values(PACKET_TYPE)) if (type === byte) return type;
  return null;
}

export function bodyOf(datagram: Uint8Array, header: Header): Uint8Array {
  return datagram.subarray(HEADER_BYTES, HEADER_BYTES + header.bodyBytes);
}
