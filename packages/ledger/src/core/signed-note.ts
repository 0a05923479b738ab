import {
  concatBytes,
  decodeUtf8,
  encodeUtf8,
  fromBase64,
  ok,
  type Result,
  refuse,
  toBase64,
  uint64Bytes,
} from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { isKeyName, sameKey, type VerifierKey } from './note-key.ts';

/** C2SP signed-note v1.0.0: a text that ends in a newline, an empty line, signature lines. */
export interface SignedNote {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** What follows the key id: 64 bytes for Ed25519, 8 + 64 for a cosignature. */
  readonly signature: Uint8Array;
}

/** A signature that was checked. `timeSeconds` (POSIX) is there for cosignatures. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  readonly timeSeconds: bigint | null;
}

export type NoteCode = 'note-malformed' | 'signature-invalid' | 'signature-missing';

/** Signed-note asks readers to take at least 16 signatures; more than this is no checkpoint of ours. */
export const SIGNATURES_MAX = 64;
/** A checkpoint has a few hundred bytes; this only bounds hostile input. */
export const NOTE_BYTES_MAX = 65_536;
const SIGNATURE_BYTES = 64;
const COSIGNATURE_BYTES = 8 + SIGNATURE_BYTES;

export function parseNote(bytes: Uint8Array): Result<SignedNote, 'note-malformed'> {
  const note = bytes.length <= NOTE_BYTES_MAX ? decodeUtf8(bytes) : null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: signed-note forbids exactly these, newline apart.
  if (note === null || /[\u0000-\u0009\u000b-\u001f\u007f]/.test(note))
    return malformed('holds other than plain UTF-8 text');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return malformed('has no empty line before its signatures');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) return malformed(`has more than ${SIGNATURES_MAX} signatures`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (!signature) return malformed('has a line after its text that is no signature');
    signatures.push(signature);
  }
  return ok({ text: note.slice(0, split + 1), signatures });
}

/** `— name base64(keyId ‖ signature)`, with U+2014. */
export function parseSignatureLine(line: string): NoteSignature | null {
  const [, name = '', encoded = ''] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || !bytes || bytes.length < 5) return null;
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

export function formatSignatureLine(signature: NoteSignature): string {
  return `\u2014 ${signature.name} ${toBase64(concatBytes(signature.keyId, signature.signature))}\n`;
}

export function formatNote(note: SignedNote): Uint8Array {
  return encodeUtf8(`${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`);
}

/**
 * Checks the signatures of keys that the reader knows; others are ignored. One bad signature of a known key spoils the
 * note, and so does the absence of any.
 */
export function verifyNote(
  note: SignedNote,
  keys: readonly VerifierKey[],
): Result<readonly VerifiedSignature[], NoteCode> {
  const verified: VerifiedSignature[] = [];
  for (const signature of note.signatures) {
    const key = keys.find((candidate) => sameKey(candidate, signature.name, signature.keyId));
    if (!key || verified.some((earlier) => earlier.key === key)) continue;
    const checked = checkSignature(note.text, signature.signature, key);
    if (!checked) return refuse('signature-invalid', `The signature of ${key.name} does not fit the text.`);
    verified.push(checked);
  }
  if (verified.length > 0) return ok(verified);
  return refuse('signature-missing', 'None of the signatures is by a key that is trusted here.');
}

/** The bytes an Ed25519 key of this algorithm signs for a text (tlog-cosignature: a header with the time). */
export function signedBytes(text: string, timeSeconds: bigint | null): Uint8Array {
  return encodeUtf8(timeSeconds === null ? text : `cosignature/v1\ntime ${timeSeconds}\n${text}`);
}

/** What stands in the note after the key id. */
export function signatureBytes(signature: Uint8Array, timeSeconds: bigint | null): Uint8Array {
  return timeSeconds === null ? signature : concatBytes(uint64Bytes(timeSeconds), signature);
}

function checkSignature(text: string, bytes: Uint8Array, key: VerifierKey): VerifiedSignature | null {
  const cosigned = key.algorithm === 'cosignature';
  if (bytes.length !== (cosigned ? COSIGNATURE_BYTES : SIGNATURE_BYTES)) return null;
  const timeSeconds = cosigned ? new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0) : null;
  const signature = cosigned ? bytes.slice(8) : bytes;
  return verifyEd25519(signature, signedBytes(text, timeSeconds), key.publicKey)
    ? { key, timeSeconds }
    : null;
}

/** Noble throws on encodings that are no curve point: hostile input, so an answer. RFC 8032 rules, not ZIP-215. */
function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

function malformed(what: string): Result<never, 'note-malformed'> {
  return refuse('note-malformed', `The note ${what}.`);
}
