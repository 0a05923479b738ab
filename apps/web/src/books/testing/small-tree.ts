import { createHash } from 'node:crypto';
import { concatBytes, encodeUtf8, present, toBase64 } from '@jamnet/base';
import { type Signer, vkeyOf } from '@jamnet/ledger';
import { parseVerifierKey } from '@jamnet/ledger/verifier';

/** RFC 6962 §2.1 as the RFC writes it, over leaf hashes: slow, and shares no code with what it is used to test. */
export function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return present(hashes[0], 'the only leaf');
  const split = splitOf(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** RFC 6962 §2.1.1: PATH(index, hashes). */
export function pathOf(index: number, hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  if (hashes.length === 1) return [];
  const split = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split
    ? [...pathOf(index, left), rootOf(right)]
    : [...pathOf(index - split, right), rootOf(left)];
}

/** A C2SP signed note with one signature. */
export function noteOf(text: string, signer: Signer): string {
  const key = parseVerifierKey(vkeyOf(signer));
  const keyId = key.ok ? key.value.keyId : new Uint8Array(0);
  return `${text}\n\u2014 ${signer.name} ${toBase64(concatBytes(keyId, signer.sign(encodeUtf8(text))))}\n`;
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest());
}

/** Largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
