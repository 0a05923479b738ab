/** Largest value of a QUIC variable-length integer that a JavaScript number bears exactly; larger ones are refused. */
const SAFE_MAX = Number.MAX_SAFE_INTEGER;

export interface Varint {
  readonly value: number;
  /** Bytes it took: 1, 2, 4 or 8. */
  readonly bytes: number;
}

/** RFC 9000 §16. `null`: more bytes are needed. Values above 2⁵³ − 1 read as 2⁵³ − 1: no identifier or length we take comes near. */
export function readVarint(from: Uint8Array, at: number): Varint | null {
  const first = from[at];
  if (first === undefined) return null;
  const bytes = 1 << (first >> 6);
  if (at + bytes > from.length) return null;
  let value = first & 0x3f;
  for (let i = 1; i < bytes; i++) value = value * 256 + (from[at + i] ?? 0);
  return { value: Math.min(value, SAFE_MAX), bytes };
}

/** Shortest encoding of a whole number below 2⁵³. */
export function varint(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value);
  if (value < 0x4000) return Uint8Array.of(0x40 | (value >> 8), value & 0xff);
  const bytes = value < 0x40000000 ? 4 : 8;
  const out = new Uint8Array(bytes);
  let rest = value;
  for (let i = bytes - 1; i >= 0; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  out[0] = (out[0] ?? 0) | (bytes === 4 ? 0x80 : 0xc0);
  return out;
}
