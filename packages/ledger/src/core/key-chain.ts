import { decodeUtf8, encodeUtf8, ok, type Result, refuse } from '@jamnet/base';
import { parseVerifierKey, type VerifierKey } from './note-key.ts';
import { formatNote, parseNote, signedBytes, verifyNote } from './signed-note.ts';
import { type Signer, vkeyOf } from './signer.ts';

/** Beside the checkpoint: a JSON list of signed notes, oldest first; absent where the log never changed its key. */
export const KEYS_PATH = 'keys.json';
/** Changes of one log's key: at one a year, what a reader walks through stays short. */
export const KEY_CHANGES_MAX = 64;
/** A note has some 700 bytes. */
export const KEYS_BYTES_MAX = KEY_CHANGES_MAX * 4096;
const HEADER = 'jamnet-ledger/key/v1';

/** The log goes on under another key. Signed by both: the old one hands on, the new one shows that it is held. */
export interface KeyChange {
  /** vkey of the key that hands on, and of the one that takes over; both have the log's name. */
  readonly from: string;
  readonly to: string;
  /** Leaves that were published when it happened. */
  readonly size: bigint;
  /** UTC µs. */
  readonly atUs: bigint;
}

export type KeyChainCode = 'vkey-malformed' | 'keys-malformed' | 'key-change-unsigned';

/** The text that both keys sign. Its first line keeps it apart from checkpoints and promises. */
export function keyChangeText({ from, to, size, atUs }: KeyChange): string {
  return `${HEADER}\nfrom ${from}\nto ${to}\nsize ${size}\nat ${atUs}\n`;
}

/** The signed note of a change, as it stands in {@link KEYS_PATH}. */
export function signKeyChange(from: Signer, to: Signer, size: bigint, atUs: bigint): string {
  const text = keyChangeText({ from: vkeyOf(from), to: vkeyOf(to), size, atUs });
  const signatures = [from, to].map((signer) => {
    const key = parseVerifierKey(vkeyOf(signer));
    if (!key.ok) throw new TypeError(key.message);
    return { name: signer.name, keyId: key.value.keyId, signature: signer.sign(signedBytes(text, null)) };
  });
  return decodeUtf8(formatNote({ text, signatures })) ?? '';
}

export function formatKeyChanges(notes: readonly string[]): Uint8Array {
  return encodeUtf8(`${JSON.stringify(notes, null, 1)}\n`);
}

/**
 * The keys that `vkey` was handed on to, one after the other, `vkey` first; what stands in the list before it is of no matter. Whoever
 * once held an older key can hand it on to a key of their own: who knows that a key was stolen takes the log's new key from
 * elsewhere, and not from here.
 */
export function followKeys(file: Uint8Array, vkey: string): Result<readonly string[], KeyChainCode> {
  const first = parseVerifierKey(vkey);
  if (!first.ok) return first;
  const notes = parseList(file);
  if (notes === null)
    return refuse('keys-malformed', `${KEYS_PATH} is no list of at most ${KEY_CHANGES_MAX} signed notes.`);
  const keys = [vkey.trim()];
  let size = 0n;
  for (const note of notes) {
    const parsed = parseNote(encodeUtf8(note));
    const change = parsed.ok ? parseChange(parsed.value.text) : null;
    if (!parsed.ok || !change)
      return refuse('keys-malformed', `${KEYS_PATH} holds a note that is no change of a key.`);
    if (change.from !== keys.at(-1)) continue;
    const pair = keysOf(change, first.value.name);
    const signed = pair && verifyNote(parsed.value, pair);
    if (!signed?.ok || signed.value.length !== 2 || change.size < size) {
      return refuse('key-change-unsigned', `The change to ${change.to} is not signed by both keys.`);
    }
    keys.push(change.to);
    size = change.size;
  }
  return ok(keys);
}

/** The keys that lead to `vkey`, oldest first: what they signed was signed by the same log. */
export function earlierKeys(file: Uint8Array, vkey: string): readonly string[] {
  const notes = parseList(file) ?? [];
  const known = notes.flatMap((note) => {
    const parsed = parseNote(encodeUtf8(note));
    const change = parsed.ok ? parseChange(parsed.value.text) : null;
    return change ? [change.from] : [];
  });
  return known.filter((key) => {
    const followed = followKeys(file, key);
    return followed.ok && followed.value.at(-1) === vkey;
  });
}

function keysOf({ from, to }: KeyChange, name: string): readonly [VerifierKey, VerifierKey] | null {
  const [old, next] = [parseVerifierKey(from), parseVerifierKey(to)];
  return old.ok && next.ok && old.value.name === name && next.value.name === name && from !== to
    ? [old.value, next.value]
    : null;
}

const CHANGE_PATTERN = /^([^\n]+)\nfrom ([^\n]+)\nto ([^\n]+)\nsize (0|[1-9]\d{0,15})\nat (\d{1,19})\n$/;

function parseChange(text: string): KeyChange | null {
  const [, header, from = '', to = '', size = '', at = ''] = CHANGE_PATTERN.exec(text) ?? [];
  return header === HEADER ? { from, to, size: BigInt(size), atUs: BigInt(at) } : null;
}

function parseList(file: Uint8Array): readonly string[] | null {
  if (file.length > KEYS_BYTES_MAX) return null;
  try {
    const list: unknown = JSON.parse(decodeUtf8(file) ?? '');
    const isList = Array.isArray(list) && list.length <= KEY_CHANGES_MAX;
    return isList && list.every((one) => typeof one === 'string') ? list : null;
  } catch {
    return null;
  }
}
