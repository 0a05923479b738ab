import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { BitsIn } from './bits-in.ts';
import { crc8, crc16 } from './crc.ts';
import { BITS_CODES, RATE_CODES } from './frame-codes.ts';
import { readSubframe } from './subframe-decode.ts';

export type FlacFrameCode = 'flac-frame-malformed' | 'flac-frame-damaged' | 'flac-frame-too-long';

/** What the stream's first block says, for frames that leave it out. */
export interface FlacDefaults {
  readonly sampleRateHz: number;
  readonly bits: number;
}

export interface FlacDecodedFrame {
  readonly channels: Int32Array[];
  readonly bits: number;
  readonly sampleRateHz: number;
  readonly place: { readonly by: 'sample' | 'frame'; readonly number: number };
  /** Offset behind the frame. */
  readonly end: number;
}

interface Head {
  readonly frames: number;
  readonly sampleRateHz: number;
  readonly channelCode: number;
  readonly bits: number;
  readonly place: FlacDecodedFrame['place'];
}

/**
 * Decodes the FLAC frame (RFC 9639 §9) at `at`, of at most `framesMax` samples a channel. Its two checksums must fit. Never
 * throws, and allocates at most 8 · `framesMax` samples, after the header's own checksum was found right.
 */
export function decodeFlacFrame(
  bytes: Uint8Array,
  at: number,
  framesMax: number,
  defaults: FlacDefaults,
): Result<FlacDecodedFrame, FlacFrameCode> {
  const bits = new BitsIn(bytes, at);
  const head = readHead(bits, defaults);
  if (head === null || bits.isShort) return malformed('its header has no meaning');
  if (crc8(bytes.subarray(at, bits.atByte)) !== bits.read(8) || bits.isShort)
    return refuse('flac-frame-damaged', 'A FLAC frame header does not fit its checksum.');
  if (head.frames > framesMax)
    return refuse('flac-frame-too-long', `A FLAC frame has ${head.frames} samples: at most ${framesMax}.`);
  const channels = readChannels(bits, head);
  bits.alignToByte();
  if (channels === null || bits.isShort) return malformed('its sound cannot be decoded');
  const crc = crc16(bytes.subarray(at, bits.atByte));
  if (bits.read(16) !== crc || bits.isShort)
    return refuse('flac-frame-damaged', 'A FLAC frame does not fit its checksum.');
  const { place, sampleRateHz } = head;
  return ok({ channels, bits: head.bits, sampleRateHz, place, end: bits.atByte });
}

function malformed(why: string): Refusal<FlacFrameCode> {
  return refuse('flac-frame-malformed', `A FLAC frame cannot be read: ${why}.`);
}

function readHead(bits: BitsIn, defaults: FlacDefaults): Head | null {
  const sync = bits.read(16);
  if (sync !== 0xfff8 && sync !== 0xfff9) return null;
  const blockCode = bits.read(4);
  const rateCode = bits.read(4);
  const channelCode = bits.read(4);
  const bitsCode = bits.read(3);
  if (bits.read(1) !== 0 || channelCode > 10) return null;
  const number = readNumber(bits);
  const frames = readFrames(bits, blockCode);
  const sampleRateHz = readRate(bits, rateCode, defaults);
  const width = bitsCode === 0 ? defaults.bits : BITS_CODES.find(([code]) => code === bitsCode)?.[1];
  if (number < 0 || frames <= 0 || sampleRateHz <= 0 || width === undefined || width < 4) return null;
  return {
    frames,
    sampleRateHz,
    channelCode,
    bits: width,
    place: { by: sync === 0xfff9 ? 'sample' : 'frame', number },
  };
}

function readNumber(bits: BitsIn): number {
  const lead = bits.read(8);
  if (lead < 0x80) return lead;
  const ones = Math.clz32(~(lead << 24));
  if (ones < 2 || ones > 7) return -1;
  let value = lead & (0x7f >> ones);
  for (let i = 1; i < ones; i++) {
    const byte = bits.read(8);
    if ((byte & 0xc0) !== 0x80) return -1;
    value = value * 64 + (byte & 0x3f);
  }
  return value;
}

/** §9.1.1. */
function readFrames(bits: BitsIn, code: number): number {
  if (code === 0) return -1;
  if (code === 1) return 192;
  if (code <= 5) return 144 << code;
  if (code === 6) return bits.read(8) + 1;
  if (code === 7) return bits.read(16) + 1;
  return 1 << code;
}

/** §9.1.2. */
function readRate(bits: BitsIn, code: number, defaults: FlacDefaults): number {
  if (code === 0) return defaults.sampleRateHz;
  if (code === 12) return 1000 * bits.read(8);
  if (code === 13) return bits.read(16);
  if (code === 14) return 10 * bits.read(16);
  return RATE_CODES.find(([each]) => each === code)?.[1] ?? -1;
}

/** Channel codes (§9.1.3): up to 7 one channel each; 8 left and side, 9 side and right, 10 mid and side. */
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;

function readChannels(bits: BitsIn, { channelCode, frames, bits: width }: Head): Int32Array[] | null {
  const count = channelCode < LEFT_SIDE ? channelCode + 1 : 2;
  const sideAt = channelCode === SIDE_RIGHT ? 0 : channelCode >= LEFT_SIDE ? 1 : -1;
  // A difference of two 32-bit samples does not fit our integers; nobody records with 32.
  if (width > 31 && sideAt >= 0) return null;
  const channels: Int32Array[] = [];
  for (let c = 0; c < count; c++) {
    const channel = new Int32Array(frames);
    if (!readSubframe(bits, channel, width + (c === sideAt ? 1 : 0))) return null;
    channels.push(channel);
  }
  const [a, b] = channels;
  if (sideAt >= 0 && a !== undefined && b !== undefined) joinChannels(channelCode, a, b);
  return channels;
}

function joinChannels(code: number, a: Int32Array, b: Int32Array): void {
  for (let i = 0; i < a.length; i++) {
    const first = a[i] ?? 0;
    const second = b[i] ?? 0;
    if (code === LEFT_SIDE) b[i] = first - second;
    else if (code === SIDE_RIGHT) a[i] = first + second;
    else if (code === MID_SIDE) {
      const doubled = 2 * first + (second & 1);
      a[i] = Math.floor((doubled + second) / 2);
      b[i] = Math.floor((doubled - second) / 2);
    }
  }
}
