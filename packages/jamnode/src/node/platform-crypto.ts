import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import { Failure, fromHex, toHex } from '@jamnet/base';
import type { Sha256, VerifySignature } from '@jamnet/mesh';
import type { SigningKey } from '../client/signing-key.ts';

/** In one call: an object for each hash costs a quarter more for 8 KiB, the size of a result's chunk. */
export const platformSha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** DER of a PKCS #8 Ed25519 private key up to its 32-byte seed (RFC 8410 §7). */
const PKCS8_PREFIX = '302e020100300506032b657004220420';
/** DER of a SubjectPublicKeyInfo up to its 32 bytes (RFC 8410 §4). */
const SPKI_PREFIX = '302a300506032b6570032100';

export const platformVerifySignature: VerifySignature = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    const der = Buffer.concat([Buffer.from(SPKI_PREFIX, 'hex'), publicKey]);
    return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  } catch {
    return false; // 32 bytes that are no point of the curve.
  }
};

export type NodeKey = SigningKey;

export function nodeKeyFromSeed(seedHex: string): NodeKey {
  const seed = fromHex(seedHex);
  if (seed?.length !== 32) throw new Failure('key-malformed', 'A key seed is 64 hex characters.');
  const der = Buffer.concat([Buffer.from(PKCS8_PREFIX, 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { publicKey: toHex(spki.subarray(spki.length - 32)), sign: (message) => sign(null, message, key) };
}
