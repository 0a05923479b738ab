// realtime
import {
  COPIES_MAX,
  COPY_OFFSET_MAX,
  COVERED_MAX,
  PACKET_FRAMES_MAX,
  PACKET_FRAMES_MIN,
  SYMBOLS_MAX,
} from '../limits.ts';
import {
  CODING,
  FORMAT,
  MIXED_ENTRY_BYTES,
  MIXED_FIXED_BYTES,
  PLAIN_ENTRY_BYTES,
  PLAIN_FIXED_BYTES,
} from './audio-layout.ts';

export const BLOCKS_MAX = COPIES_MAX + 1;

/** What {@link AudioBodyReader.read} answers: fine, or which rule of SPEC.md §4 the body breaks. */
export const READ = {
  fine: 0,
  truncated: 1,
  formatUnknown: 2,
  timeTooLarge: 3,
  blocks: 4,
  frames: 5,
  offsets: 6,
  sampleBytes: 7,
  coding: 8,
  symbols: 9,
} as const;
export type Read = (typeof READ)[keyof typeof READ];

/**
 * Finds the parts of a JELLIE body: this packet, copies of earlier ones, repair symbols (SPEC.md §4). Copies nothing,
 * sizes nothing by what the body claims, allocates nothing: the fields hold until the next {@link read}.
 */
export class AudioBodyReader {
  format = 0;
  frames = 0;
  sampleBytes = 2;
  /** When the sender handed the datagram to its socket, room time in µs. */
  sentAtUs = 0;
  /** Packets carried whole: how many back each is (ascending, 0 the datagram's own), how coded, where, how long. */
  blocks = 0;
  readonly offsets = new Uint8Array(BLOCKS_MAX);
  readonly codings = new Uint8Array(BLOCKS_MAX);
  readonly at = new Uint16Array(BLOCKS_MAX);
  readonly bytes = new Uint16Array(BLOCKS_MAX);
  /** Repair symbols, the packets they cover (ascending), and where the first one begins. */
  symbols = 0;
  covered = 0;
  readonly coveredOffsets = new Uint8Array(COVERED_MAX);
  symbolsAt = 0;

  read(body: Uint8Array): Read {
    this.format = body[0] ?? 0;
    this.blocks = body[1] ?? 0;
    this.symbols = 0;
    this.covered = 0;
    if (body.length < PLAIN_FIXED_BYTES) return READ.truncated;
    if (this.format !== FORMAT.plain && this.format !== FORMAT.mixed) return READ.formatUnknown;
    this.frames = uint16(body, 2);
    if (uint16(body, 4) * 65536 + uint16(body, 6) > 0x1fffff) return READ.timeTooLarge;
    this.sentAtUs =
      (uint16(body, 4) * 65536 + uint16(body, 6)) * 4294967296 + uint16(body, 8) * 65536 + uint16(body, 10);
    if (this.blocks > BLOCKS_MAX) return READ.blocks;
    if (this.frames < PACKET_FRAMES_MIN || this.frames > PACKET_FRAMES_MAX) return READ.frames;
    return this.format === FORMAT.plain ? this.#readPlain(body) : this.#readMixed(body);
  }

  #readPlain(body: Uint8Array): Read {
    this.sampleBytes = 2;
    if (this.blocks < 1) return READ.blocks;
    const blockBytes = 2 * this.frames;
    const start = PLAIN_FIXED_BYTES + this.blocks * PLAIN_ENTRY_BYTES;
    if (start + this.blocks * blockBytes > body.length) return READ.truncated;
    for (let i = 0; i < this.blocks; i++) {
      this.offsets[i] = body[PLAIN_FIXED_BYTES + i * PLAIN_ENTRY_BYTES] ?? 0;
      this.codings[i] = CODING.pcm;
      this.at[i] = start + i * blockBytes;
      this.bytes[i] = blockBytes;
    }
    return isAscending(this.offsets, this.blocks) ? READ.fine : READ.offsets;
  }

  #readMixed(body: Uint8Array): Read {
    if (body.length < MIXED_FIXED_BYTES) return READ.truncated;
    this.sampleBytes = body[12] ?? 0;
    this.symbols = body[13] ?? 0;
    this.covered = body[14] ?? 0;
    if (this.sampleBytes !== 2 && this.sampleBytes !== 3) return READ.sampleBytes;
    if (this.symbols > SYMBOLS_MAX || this.covered > COVERED_MAX || this.symbols > 0 !== this.covered > 0)
      return READ.symbols;
    if (this.blocks + this.symbols === 0) return READ.blocks;
    const coveredAt = MIXED_FIXED_BYTES + this.blocks * MIXED_ENTRY_BYTES;
    if (coveredAt + this.covered > body.length) return READ.truncated;
    for (let i = 0; i < this.covered; i++) this.coveredOffsets[i] = body[coveredAt + i] ?? 0;
    // A symbol that covered its own datagram's packet would only repeat it.
    if (this.covered > 0 && this.coveredOffsets[0] === 0) return READ.offsets;
    if (!isAscending(this.coveredOffsets, this.covered)) return READ.offsets;
    return this.#readEntries(body, coveredAt + this.covered);
  }

  #readEntries(body: Uint8Array, start: number): Read {
    const whole = this.frames * this.sampleBytes;
    let at = start;
    for (let i = 0; i < this.blocks; i++) {
      const entry = MIXED_FIXED_BYTES + i * MIXED_ENTRY_BYTES;
      const coding = body[entry + 1] ?? 0;
      const bytes = uint16(body, entry + 2);
      if (coding !== CODING.pcm && coding !== CODING.packed) return READ.coding;
      if (coding === CODING.pcm ? bytes !== whole : bytes >= whole) return READ.coding;
      this.offsets[i] = body[entry] ?? 0;
      this.codings[i] = coding;
      this.at[i] = at;
      this.bytes[i] = bytes;
      at += bytes;
    }
    this.symbolsAt = at;
    if (at + this.symbols * whole > body.length) return READ.truncated;
    return isAscending(this.offsets, this.blocks) ? READ.fine : READ.offsets;
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function isAscending(offsets: Uint8Array, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const offset = offsets[i] ?? 0;
    if (offset > COPY_OFFSET_MAX || (i > 0 && offset <= (offsets[i - 1] ?? 0))) return false;
  }
  return true;
}
