import { concatBytes } from '@jamnet/base';

/** X.690 §8: tag, length in the shortest form, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.of(tag, ...size), body);
}

export const sequence = (...items: readonly Uint8Array[]): Uint8Array => der(0x30, ...items);
export const setOf = (...items: readonly Uint8Array[]): Uint8Array => der(0x31, ...items);
/** Content bytes as they stand: first bit 0, no superfluous zero. */
export const integer = (...bytes: readonly number[]): Uint8Array => der(0x02, Uint8Array.from(bytes));
export const octets = (content: Uint8Array): Uint8Array => der(0x04, content);
export const bits = (content: Uint8Array): Uint8Array => der(0x03, Uint8Array.of(0), content);
export const text = (value: string): Uint8Array => der(0x0c, Buffer.from(value));
export const isTrue = der(0x01, Uint8Array.of(0xff));

/** Object identifier of arcs below 2¹⁴. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((arc) => base128(arc));
  return der(0x06, Uint8Array.of(40 * first + second, ...bytes));
}

function base128(arc: number): number[] {
  const out = [arc & 0x7f];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) out.unshift(0x80 | (rest & 0x7f));
  return out;
}

/** UTCTime (until 2049, RFC 5280 §4.1.2.5). */
export function time(ms: number): Uint8Array {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}
