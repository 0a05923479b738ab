import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { assert } from '@jamnet/base';
import type { Signer } from '../core/signer.ts';

/** RFC 8410: the DER bytes before an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/** The signer of `signerFromSeed`, by the platform's Ed25519: some forty times faster, same signatures. */
export function nativeSigner(name: string, seed: Uint8Array): Signer {
  assert(seed.length === SEED_BYTES, 'an Ed25519 seed has 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    name,
    publicKey: Uint8Array.from(spki.subarray(-SEED_BYTES)),
    sign: (message) => sign(null, message, key),
  };
}
