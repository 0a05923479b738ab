import { concatBytes, equalBytes, fromBase64, toBase64, toHex } from '@jamnet/base';
import { type HopCrypto, labelled } from '../crypto/toast-crypto.ts';

/** A peer's key pairs for one join, behind the platform's functions. */
export interface PeerIdentity {
  /** X25519 (RFC 7748) and Ed25519 (RFC 8032) public keys, 32 bytes each. */
  readonly agreeKey: Uint8Array;
  readonly signKey: Uint8Array;
  /** The X25519 secret shared with the holder of another public key, 32 bytes; `null` for a key of low order. */
  agree(publicKey: Uint8Array): Uint8Array | null;
  /** Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  random(bytes: number): Uint8Array;
}

const KEY_BYTES = 32;
const PROOF_BYTES = 16;

export interface PublicKeys {
  readonly agreeKey: Uint8Array;
  readonly signKey: Uint8Array;
}

/** What a join announces: both keys, and a proof by the room key, so that a relay cannot put its own in their place. */
export function announceKeys(
  crypto: HopCrypto,
  roomKey: Uint8Array,
  joinId: string,
  keys: PublicKeys,
): string {
  const both = concatBytes(keys.agreeKey, keys.signKey);
  return toBase64(concatBytes(both, proof(crypto, roomKey, joinId, both)));
}

/** The keys of another member, or `null` when it announced none or the proof does not fit. */
export function announcedKeys(
  crypto: HopCrypto,
  roomKey: Uint8Array,
  joinId: string,
  announced: string,
): PublicKeys | null {
  const bytes = fromBase64(announced);
  if (bytes?.length !== 2 * KEY_BYTES + PROOF_BYTES) return null;
  const both = bytes.slice(0, 2 * KEY_BYTES);
  if (!equalBytes(bytes.slice(2 * KEY_BYTES), proof(crypto, roomKey, joinId, both))) return null;
  return { agreeKey: both.slice(0, KEY_BYTES), signKey: both.slice(KEY_BYTES) };
}

function proof(crypto: HopCrypto, roomKey: Uint8Array, joinId: string, both: Uint8Array): Uint8Array {
  const message = labelled('jamnet/toast/keys/v3', [joinId, toHex(both)]);
  return Uint8Array.from(crypto.hmac(roomKey, message).subarray(0, PROOF_BYTES));
}
