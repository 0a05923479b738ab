import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** SHA-256 as an argument: servers pass the platform's, browsers use the default. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;
export const sha256: Sha256 = nobleSha256;

export const HASH_BYTES = 32;

/** RFC 6962 §2.1: SHA-256(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(1 + leaf.length);
  input.set(leaf, 1);
  return hash(input);
}

/** Reused input of {@link nodeHash}; the hash function does not keep it. */
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = 1;

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return hash(nodeInput);
}

/** RFC 6962 §2.1: the root of the empty tree is the hash of nothing. */
export function emptyRoot(hash: Sha256 = sha256): Uint8Array {
  return hash(new Uint8Array(0));
}
