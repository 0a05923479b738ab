import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, sign, verify } from 'node:crypto';
import type { Chance } from '@jamnet/base';
import type { PeerIdentity } from '@jamnet/toast';

/** PKCS #8 and SubjectPublicKeyInfo of RFC 8410 are a fixed prefix and the key's 32 bytes. */
const PRIVATE = { x25519: '302e020100300506032b656e04220420', ed25519: '302e020100300506032b657004220420' };
const PUBLIC = { x25519: '302a300506032b656e032100', ed25519: '302a300506032b6570032100' };
type Curve = keyof typeof PUBLIC;

/** Key pairs of a simulated join: of real curves, drawn from the seed, so that the same seed sends the same bytes. */
export function seededIdentity(chance: Chance): PeerIdentity {
  const random = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, () => chance.below(256));
  const agreement = privateKey('x25519', random(32));
  const signing = privateKey('ed25519', random(32));
  return {
    agreeKey: rawPublic(agreement),
    signKey: rawPublic(signing),
    agree(other) {
      try {
        return diffieHellman({ privateKey: agreement, publicKey: publicKey('x25519', other) });
      } catch {
        return null;
      }
    },
    sign: (message) => sign(null, message, signing),
    verify: (key, message, signature) => verify(null, message, publicKey('ed25519', key), signature),
    random,
  };
}

function privateKey(curve: Curve, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(PRIVATE[curve], 'hex'), raw]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function publicKey(curve: Curve, raw: Uint8Array): KeyObject {
  const key = Buffer.concat([Buffer.from(PUBLIC[curve], 'hex'), raw]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function rawPublic(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(12));
}
