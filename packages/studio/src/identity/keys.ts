import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** PKCS #8 header of a raw 32-byte Ed25519 seed (RFC 8410 §7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key made from its 32-byte seed. */
export interface SigningKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export function signingKey(seed: Uint8Array): SigningKey {
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    seed,
    publicKey: new Uint8Array(spki.subarray(-32)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** Pseudonym of a member: `p` and the first 16 bytes, in hex, of SHA-256("jamnet/payee/v1" ‖ public key). */
export function payeeOf(publicKey: Uint8Array): string {
  return `p${createHash('sha256').update('jamnet/payee/v1').update(publicKey).digest('hex').slice(0, 32)}`;
}

/** A 32-byte secret derived from a root secret for one purpose (SHA-256 over both, separated by a zero byte). */
export function deriveSecret(root: string | Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(root).update('\0').update(purpose).digest());
}
