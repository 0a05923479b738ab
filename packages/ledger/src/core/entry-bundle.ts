import { assert } from '@jamnet/base';
import { LEAF_BYTES_MAX } from './leaf.ts';

/** C2SP tlog-tiles entry bundle: each entry is a big-endian uint16 length and its bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const entry of entries) length += 2 + entry.length;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const entry of entries) {
    assert(entry.length <= LEAF_BYTES_MAX, 'an entry fits its uint16 length');
    bytes[offset] = entry.length >> 8;
    bytes[offset + 1] = entry.length & 255;
    bytes.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bytes;
}

/** The first `count` entries of a bundle, or `null` when it is cut short or, with `exact`, goes on after them. */
export function decodeBundle(bytes: Uint8Array, count: number, exact = true): Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (entries.length < count) {
    if (offset + 2 > bytes.length) return null;
    const length = ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
    offset += 2;
    if (offset + length > bytes.length) return null;
    entries.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return exact && offset !== bytes.length ? null : entries;
}
