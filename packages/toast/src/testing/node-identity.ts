import { createPublicKey, diffieHellman, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import type { PeerIdentity } from '../trust/peer-identity.ts';

/** SubjectPublicKeyInfo of RFC 8410 is a fixed prefix and the key's 32 bytes. */
const PREFIX = { x25519: '302a300506032b656e032100', ed25519: '302a300506032b6570032100' } as const;

function publicKey(kind: keyof typeof PREFIX, raw: Uint8Array): ReturnType<typeof createPublicKey> {
  return createPublicKey({
    key: Buffer.concat([Buffer.from(PREFIX[kind], 'hex'), raw]),
    format: 'der',
    type: 'spki',
  });
}

export const testVerify: PeerIdentity['verify'] = (key, message, signature) =>
  verify(null, message, publicKey('ed25519', key), signature);

/** Fresh key pairs from the platform, for this package's own tests. */
export function testIdentity(): PeerIdentity {
  const agreement = generateKeyPairSync('x25519');
  const signing = generateKeyPairSync('ed25519');
  const raw = (key: ReturnType<typeof createPublicKey>): Uint8Array =>
    new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(12));
  return {
    agreeKey: raw(agreement.publicKey),
    signKey: raw(signing.publicKey),
    agree(other) {
      try {
        return diffieHellman({ privateKey: agreement.privateKey, publicKey: publicKey('x25519', other) });
      } catch {
        return null;
      }
    },
    sign: (message) => sign(null, message, signing.privateKey),
    verify: testVerify,
    random: (bytes) => randomBytes(bytes),
  };
}
