import { concatBytes, encodeUtf8, fromHex, toHex } from '@jamnet/base';
import { pureSha256 } from '@jamnet/mesh';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { SigningKey } from './client/signing-key.ts';

/** The key of a node in a page, from a seed of 64 hex characters: signs at once, which WebCrypto does not. `null`: no such seed. */
export function pageKeyFromSeed(seedHex: string): SigningKey | null {
  const seed = fromHex(seedHex);
  if (seed?.length !== 32) return null;
  return {
    publicKey: toHex(ed25519.getPublicKey(seed)),
    sign: (message) => ed25519.sign(message, seed),
  };
}

/** The pseudonym under which a key is paid; the same as `payeeOf` gives on a host. */
export function pagePayeeOf(key: SigningKey): string {
  const publicKey = fromHex(key.publicKey) ?? new Uint8Array();
  return `p${toHex(pureSha256(concatBytes(encodeUtf8('jamnet/payee/v1'), publicKey))).slice(0, 32)}`;
}
