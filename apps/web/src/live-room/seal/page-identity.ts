import type { PeerIdentity } from '@jamnet/toast';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { StreamProver } from './stream-prover.ts';

/** A page's key pairs for one join. */
export interface PageIdentity {
  /** What a join needs a few times answers at once: agreeing on secrets, signing the name. */
  readonly identity: PeerIdentity;
  /** Signs and checks streams by WebCrypto, a hundred times quicker and in a thread of its own; `null` where the browser has no Ed25519. */
  readonly prover: StreamProver | null;
}

/** Fresh key pairs: X25519 (RFC 7748) to agree on secrets, Ed25519 (RFC 8032) to sign. */
export async function makePageIdentity(): Promise<PageIdentity> {
  const agreement = x25519.keygen();
  const signing = ed25519.keygen();
  const identity: PeerIdentity = {
    agreeKey: agreement.publicKey,
    signKey: signing.publicKey,
    agree: (publicKey) => agreed(agreement.secretKey, publicKey),
    sign: (message) => ed25519.sign(message, signing.secretKey),
    verify: (publicKey, message, signature) => isSigned(publicKey, message, signature),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
  return { identity, prover: await StreamProver.open(signing.secretKey).catch(() => null) };
}

/** Null for a key of low order, which gives a secret that everybody knows. */
function agreed(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  try {
    return x25519.getSharedSecret(secretKey, publicKey);
  } catch {
    return null;
  }
}

function isSigned(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    return false; // Bytes that are no key or no signature.
  }
}
