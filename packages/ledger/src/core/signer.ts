import { ed25519 } from '@noble/curves/ed25519.js';
import { formatVerifierKey, type NoteAlgorithm, type VerifierKey, verifierKey } from './note-key.ts';
import { type NoteSignature, type SignedNote, signatureBytes, signedBytes } from './signed-note.ts';

/** Holds a private key, or the way to one, and signs bytes with it (Ed25519, 64 bytes). */
export interface Signer {
  /** Name of the key; for a log its origin. */
  readonly name: string;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** An Ed25519 signer from its 32-byte seed (RFC 8032 §5.1.5). */
export function signerFromSeed(name: string, seed: Uint8Array): Signer {
  const publicKey = ed25519.getPublicKey(seed);
  return { name, publicKey, sign: (message) => ed25519.sign(message, seed) };
}

/** The key that readers of this signer's notes need. */
export function vkeyOf(signer: Signer, algorithm: NoteAlgorithm = 'ed25519'): string {
  return formatVerifierKey(keyOf(signer, algorithm));
}

function keyOf(signer: Signer, algorithm: NoteAlgorithm): VerifierKey {
  return verifierKey(signer.name, algorithm, signer.publicKey);
}

/** A note with this signer's signature alone. */
export function signNote(text: string, signer: Signer): SignedNote {
  const { keyId, name } = keyOf(signer, 'ed25519');
  return { text, signatures: [{ name, keyId, signature: signer.sign(signedBytes(text, null)) }] };
}

/** A witness's cosignature of a checkpoint text at a POSIX time (C2SP tlog-cosignature, type 0x04). */
export function cosign(text: string, timeSeconds: bigint, signer: Signer): NoteSignature {
  const { keyId, name } = keyOf(signer, 'cosignature');
  const signature = signer.sign(signedBytes(text, timeSeconds));
  return { name, keyId, signature: signatureBytes(signature, timeSeconds) };
}
