import {
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { PeerIdentity } from '@jamnet/toast';

/** SubjectPublicKeyInfo (RFC 8410 §4) of each kind is this prefix and the key's 32 bytes. */
const PREFIX = {
  x25519: Buffer.from('302a300506032b656e032100', 'hex'),
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
} as const;

/** A player's private keys: X25519 to agree on secrets, Ed25519 to sign its stream. */
export interface PlayerKeys {
  readonly agreement: KeyObject;
  readonly signing: KeyObject;
}

export function makePlayerKeys(): PlayerKeys {
  return {
    agreement: generateKeyPairSync('x25519').privateKey,
    signing: generateKeyPairSync('ed25519').privateKey,
  };
}

/** TOAST's identity by Node's cryptography. */
export function nodeIdentity(keys: PlayerKeys): PeerIdentity {
  /** A room has few signers: each one's key is read once. */
  const known = new Map<string, KeyObject>();
  return {
    agreeKey: rawPublic(keys.agreement),
    signKey: rawPublic(keys.signing),
    agree: (other) => agreed(keys.agreement, other),
    sign: (message) => sign(null, message, keys.signing),
    verify: (key, message, signature) => verify(null, message, signerOf(known, key), signature),
    random: (bytes) => randomBytes(bytes),
  };
}

/** Ed25519 (RFC 8032) of a key of 32 bytes and a signature of 64; false for bytes that are neither. */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    return verify(null, message, publicKey('ed25519', key), signature);
  } catch {
    return false; // 32 bytes that are no point of the curve.
  }
}

/** Signers remembered: more than a room's joins within an evening. */
export const SIGNERS_MAX = 64;

function signerOf(known: Map<string, KeyObject>, key: Uint8Array): KeyObject {
  const name = Buffer.from(key).toString('hex');
  const found = known.get(name) ?? publicKey('ed25519', key);
  if (known.size >= SIGNERS_MAX) known.clear();
  known.set(name, found);
  return found;
}

/** `null` for keys of low order, with which there is no secret (RFC 7748 §6.1). */
function agreed(privateKey: KeyObject, other: Uint8Array): Uint8Array | null {
  try {
    return diffieHellman({ privateKey, publicKey: publicKey('x25519', other) });
  } catch {
    return null;
  }
}

function publicKey(kind: keyof typeof PREFIX, raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PREFIX[kind], raw]), format: 'der', type: 'spki' });
}

function rawPublic(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
}
