import { assert } from './assert.ts';

const HEX = '0123456789abcdef';
/** Both digits of each byte. */
const HEX_PAIRS: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => HEX.charAt(byte >> 4) + HEX.charAt(byte & 15),
);
/** Value of a digit's character code, 255 for what is none. */
const HEX_VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value++) {
  HEX_VALUES[HEX.charCodeAt(value)] = value;
  HEX_VALUES[HEX.toUpperCase().charCodeAt(value)] = value;
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += HEX_PAIRS[bytes[i] ?? 0];
  return text;
}

/** The bytes of an even-length lower- or upper-case hex string, or `null` when it is not one. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null;
  const bytes = new Uint8Array(text.length / 2);
  let wrong = 0;
  for (let i = 0; i < bytes.length; i++) {
    const high = hexValue(text.charCodeAt(2 * i));
    const low = hexValue(text.charCodeAt(2 * i + 1));
    wrong |= high | low;
    bytes[i] = (high << 4) | low;
  }
  return wrong > 15 ? null : bytes;
}

function hexValue(code: number): number {
  return code < 128 ? (HEX_VALUES[code] ?? 255) : 255;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_CODES = Uint8Array.from(BASE64, (character) => character.charCodeAt(0));
/** Value of a character code, 255 for one outside the alphabet. */
const BASE64_VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) BASE64_VALUES[BASE64_CODES[value] ?? 0] = value;
const PAD = 61;

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at++] = BASE64_CODES[group >> 18] ?? 0;
    codes[at++] = BASE64_CODES[(group >> 12) & 63] ?? 0;
    codes[at++] = i + 1 < bytes.length ? (BASE64_CODES[(group >> 6) & 63] ?? 0) : PAD;
    codes[at++] = i + 2 < bytes.length ? (BASE64_CODES[group & 63] ?? 0) : PAD;
  }
  return textOfCodes(codes);
}

/** Strict inverse of {@link toBase64}: padding required, no white space, canonical tail bits; else `null`. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let group = 0;
  let wrong = 0;
  for (let i = 0, out = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = i < text.length - padding ? (code < 128 ? (BASE64_VALUES[code] ?? 255) : 255) : 0;
    wrong |= value & 0x80;
    group = ((group << 6) | value) & 0xffffff;
    if (i % 4 !== 3) continue;
    for (let k = 16; k >= 0 && out < bytes.length; k -= 8) bytes[out++] = (group >> k) & 255;
  }
  // What padding cut off must have been zero.
  const tail = padding === 0 ? 0 : group & ((1 << (8 * padding)) - 1);
  return wrong === 0 && tail === 0 ? bytes : null;
}

/** The characters of codes below 128, in pieces that a call takes as arguments: spread, each goes through an iterator, in 8 times the time. */
export function textOfCodes(codes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < codes.length; i += 512) {
    const piece: string = Reflect.apply(String.fromCharCode, null, codes.subarray(i, i + 512));
    text += piece;
  }
  return text;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** Lexicographic order of unsigned bytes: −1, 0 or 1. */
export function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** Big-endian bytes of an unsigned integer of at most 8 bytes. */
export function uint64Bytes(value: bigint): Uint8Array {
  assert(value >= 0n && value < 1n << 64n, 'uint64 out of range');
  const bytes = new Uint8Array(8);
  for (let i = 7; i >= 0; i--) {
    bytes[i] = Number(value & 255n);
    value >>= 8n;
  }
  return bytes;
}
