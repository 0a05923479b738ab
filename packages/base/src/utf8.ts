import { textOfCodes } from './bytes.ts';

/**
 * UTF-8 (RFC 3629) without the platform's TextEncoder, which pure packages do not see.
 * Lone surrogates become U+FFFD, as in the WHATWG encoder.
 */
export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encodeAny(text);
}

/** `null` where a character needs more than one byte. */
function encodeAscii(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return null;
    bytes[i] = code;
  }
  return bytes;
}

function encodeAny(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63));
      bytes.push(0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    }
  }
  return Uint8Array.from(bytes);
}

/** Strict decoder: `null` on any malformed, overlong or surrogate sequence. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  return isAscii(bytes) ? textOfCodes(bytes) : decodeAny(bytes);
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0x80) return false;
  return true;
}

function decodeAny(bytes: Uint8Array): string | null {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] ?? 0;
    const length = lead < 0x80 ? 1 : lead >> 5 === 6 ? 2 : lead >> 4 === 14 ? 3 : lead >> 3 === 30 ? 4 : 0;
    if (length === 0 || i + length > bytes.length) return null;
    let point = length === 1 ? lead : lead & (0x7f >> length);
    for (let k = 1; k < length; k++) {
      const next = bytes[i + k] ?? 0;
      if (next >> 6 !== 2) return null;
      point = (point << 6) | (next & 63);
    }
    if (point < (LENGTH_MINIMUM[length] ?? 0) || point > 0x10ffff) return null;
    if (point >= 0xd800 && point <= 0xdfff) return null;
    text += String.fromCodePoint(point);
    i += length;
  }
  return text;
}

/** Smallest code point that needs a sequence of this many bytes (RFC 3629 §3). */
const LENGTH_MINIMUM = [0, 0, 0x80, 0x800, 0x10000];
