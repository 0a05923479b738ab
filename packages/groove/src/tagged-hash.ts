import { concatBytes, encodeUtf8 } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * SHA-256 over domain and parts, each behind its length (32 bit, big-endian): no two different tuples share their bytes, and
 * nothing that is hashed for one purpose fits another.
 */
export function taggedHash(domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(tagged(domain, ...parts));
}

/** What {@link taggedHash} hashes: also what is signed, so that a signature fits one purpose only. */
export function tagged(domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...[encodeUtf8(domain), ...parts].flatMap((part) => [uint32(part.length), part]));
}

/** 0 ≤ value < 2³², big-endian. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
