import { ok, type Result, refuse } from '@jamnet/base';
import { DATAGRAM_BYTES_MAX } from '../limits.ts';
import { uint32At, uint53At, viewOf, writeUint53 } from './bytes53.ts';

/** Bytes of the fixed header (SPEC.md §2). */
export const HEADER_BYTES = 32;
/** Bytes of the truncated HMAC-SHA-256 behind the body. */
export const HOP_TAG_BYTES = 8;
/** ASCII `TOST`. */
export const MAGIC = 0x544f5354;
export const VERSION = 3;

export const PACKET_TYPE = { audio: 1, midi: 2, sync: 3, control: 4, stats: 5, probe: 6 } as const;
export type PacketType = (typeof PACKET_TYPE)[keyof typeof PACKET_TYPE];

/** `stream` of the relay's own messages, and of a peer that has no seat yet. */
export const STREAM_RELAY = 0xfe;
export const STREAM_NONE = 0xff;
/** Flag bit 0: the body is AES-256-GCM ciphertext with its 16-byte tag. */
export const FLAG_SEALED = 1;
/** Flag bit 1: between body and hop tag stand two bytes that say which seats have this datagram already. */
export const FLAG_HELD = 2;
const HELD_BYTES = 2;

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

/** What each refusal of a header asks for. */
const ADVICE = {
  'too-short': `A datagram has at least ${HEADER_BYTES} bytes.`,
  'too-long': `Send at most ${DATAGRAM_BYTES_MAX} bytes.`,
  'not-toast': 'A datagram begins with the letters TOST.',
  'version-unknown': `Speak version ${VERSION}.`,
  'type-unknown': 'Known types are 1 to 6.',
  'number-too-large': 'Sequence and sample time stay below 2^53.',
  'body-truncated': 'Body and hop tag must lie inside the datagram.',
} as const;
type HeaderCode = keyof typeof ADVICE;
export type WireCode = HeaderCode | 'body-malformed';

/** Reads headers into itself, one after the other, and makes no object of any: for those who read thousands a second. */
export class HeaderReader implements Header {
  type: PacketType = PACKET_TYPE.audio;
  stream = 0;
  flags = 0;
  epoch = 0;
  sequence = 0;
  sampleTime = 0;
  bodyBytes = 0;
  generation = 0;

  /** `null`, or what is wrong; then the fields are of no use. Bytes behind the hop tag are skipped. */
  read(datagram: Uint8Array): HeaderCode | null {
    if (datagram.length < HEADER_BYTES) return 'too-short';
    if (datagram.length > DATAGRAM_BYTES_MAX) return 'too-long';
    if (uint32At(datagram, 0) !== MAGIC) return 'not-toast';
    if (datagram[4] !== VERSION) return 'version-unknown';
    const type = datagram[5] ?? 0;
    if (!isPacketType(type)) return 'type-unknown';
    this.type = type;
    this.stream = datagram[6] ?? 0;
    this.flags = datagram[7] ?? 0;
    this.epoch = uint32At(datagram, 8);
    this.sequence = uint53At(datagram, 12);
    this.sampleTime = uint53At(datagram, 20);
    if (this.sequence < 0 || this.sampleTime < 0) return 'number-too-large';
    const lengths = uint32At(datagram, 28);
    this.bodyBytes = lengths >>> 16;
    this.generation = lengths & 0xffff;
    const signed = HEADER_BYTES + this.bodyBytes + heldBytes(this.flags);
    return signed + HOP_TAG_BYTES > datagram.length ? 'body-truncated' : null;
  }
}

/** Reads the header and checks that body and hop tag lie inside the datagram; bytes behind the tag are skipped. */
export function decodeHeader(datagram: Uint8Array): Result<Header, WireCode> {
  const reader = new HeaderReader();
  const code = reader.read(datagram);
  return code === null ? ok(reader) : refuse(code, ADVICE[code]);
}

function isPacketType(byte: number): byte is PacketType {
  return byte >= PACKET_TYPE.audio && byte <= PACKET_TYPE.probe;
}

/** Bytes between body and hop tag; the tag covers them. */
export function heldBytes(flags: number): number {
  return (flags & FLAG_HELD) === 0 ? 0 : HELD_BYTES;
}

/** Of a datagram that this program made. */
export function bodyBytesOf(datagram: Uint8Array): number {
  return viewOf(datagram).getUint16(28);
}

export function bodyOf(datagram: Uint8Array, header: Header): Uint8Array {
  return datagram.subarray(HEADER_BYTES, HEADER_BYTES + header.bodyBytes);
}
