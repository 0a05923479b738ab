import {
  concatBytes,
  encodeUtf8,
  equalBytes,
  fromBase64,
  ok,
  type Result,
  refuse,
  toBase64,
  toHex,
} from '@jamnet/base';
import { sha256 } from './tree-hash.ts';

/** C2SP signed-note: algorithm bytes. 0x01 Ed25519 over the text, 0x04 timestamped Ed25519 cosignature. */
export const NOTE_ALGORITHM = { ed25519: 1, cosignature: 4 } as const;
export type NoteAlgorithm = keyof typeof NOTE_ALGORITHM;

/** Who may sign: a name and an Ed25519 public key for one algorithm. */
export interface VerifierKey {
  readonly name: string;
  readonly algorithm: NoteAlgorithm;
  /** First 4 bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ public key). */
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
}

export const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
/** Not in signed-note; keeps hostile names short. */
const NAME_LENGTH_MAX = 255;

export function verifierKey(name: string, algorithm: NoteAlgorithm, publicKey: Uint8Array): VerifierKey {
  const input = concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(NOTE_ALGORITHM[algorithm]), publicKey);
  return { name, algorithm, publicKey, keyId: sha256(input).slice(0, KEY_ID_BYTES) };
}

/** Key names hold no white space and no plus sign (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= NAME_LENGTH_MAX && !/[\s+\p{Cc}]/u.test(name);
}

/** `name+hex(keyId)+base64(algorithm ‖ public key)`. */
export function formatVerifierKey(key: VerifierKey): string {
  const typed = concatBytes(Uint8Array.of(NOTE_ALGORITHM[key.algorithm]), key.publicKey);
  return `${key.name}+${toHex(key.keyId)}+${toBase64(typed)}`;
}

/** Reads a vkey and checks that its key id fits. */
export function parseVerifierKey(text: string): Result<VerifierKey, 'vkey-malformed'> {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  const typed = fromBase64(encoded);
  const algorithm = typed?.[0] === 1 ? 'ed25519' : typed?.[0] === 4 ? 'cosignature' : null;
  if (!isKeyName(name) || !typed || !algorithm || typed.length !== 1 + PUBLIC_KEY_BYTES) {
    return refuse(
      'vkey-malformed',
      'A verifier key reads name+8 hex digits+base64 of type and 32 key bytes.',
    );
  }
  const key = verifierKey(name, algorithm, typed.slice(1));
  return toHex(key.keyId) === id
    ? ok(key)
    : refuse('vkey-malformed', 'The key id does not belong to this name and key.');
}

export function sameKey(key: VerifierKey, name: string, keyId: Uint8Array): boolean {
  return key.name === name && equalBytes(key.keyId, keyId);
}
