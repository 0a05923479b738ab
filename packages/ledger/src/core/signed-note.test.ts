import { encodeUtf8 } from '@jamnet/base';
import { expect, test } from 'vitest';
import { addSignature } from './add-signature.ts';
import { formatReceipt, parseReceipt } from './receipt.ts';
import {
  formatNote,
  formatSignatureLine,
  NOTE_BYTES_MAX,
  type NoteSignature,
  parseNote,
  SIGNATURES_MAX,
} from './signed-note.ts';
import { cosign, signerFromSeed, vkeyOf } from './signer.ts';
import { PROOF_HASHES_MAX, verifyInclusion } from './verify-proof.ts';

const TEXT = 'a text\n';
const witness = signerFromSeed('witness.example', new Uint8Array(32).fill(9));

function signatures(count: number): NoteSignature[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `signer-${i}`,
    keyId: Uint8Array.of(0, 0, 0, i),
    signature: new Uint8Array(64),
  }));
}

test('a note has as many signatures as its limit; one more is malformed', () => {
  const note = { text: TEXT, signatures: signatures(SIGNATURES_MAX) };
  expect(parseNote(formatNote(note))).toEqual({ ok: true, value: note });
  const more = { text: TEXT, signatures: signatures(SIGNATURES_MAX + 1) };
  expect(parseNote(formatNote(more))).toMatchObject({ ok: false, code: 'note-malformed' });
});

test('a note has as many bytes as its limit; one more is malformed', () => {
  const rest = formatNote({ text: '\n', signatures: signatures(1) }).length;
  const noteOf = (bytes: number): Uint8Array =>
    formatNote({ text: `${'x'.repeat(bytes - rest)}\n`, signatures: signatures(1) });
  expect(noteOf(NOTE_BYTES_MAX)).toHaveLength(NOTE_BYTES_MAX);
  expect(parseNote(noteOf(NOTE_BYTES_MAX)).ok).toBe(true);
  expect(parseNote(noteOf(NOTE_BYTES_MAX + 1))).toMatchObject({ ok: false, code: 'note-malformed' });
});

test('a witness adds its signature until the note is full; one of its own makes room for the newer', () => {
  const line = formatSignatureLine(cosign(TEXT, 1_790_000_000n, witness));
  const vkey = vkeyOf(witness, 'cosignature');
  const full = addSignature({ text: TEXT, signatures: signatures(SIGNATURES_MAX - 1) }, line, vkey);
  if (!full.ok) throw new Error(full.message);
  expect(full.value.signatures).toHaveLength(SIGNATURES_MAX);
  expect(addSignature(full.value, line, vkey)).toMatchObject({ ok: true });
  expect(addSignature({ text: TEXT, signatures: signatures(SIGNATURES_MAX) }, line, vkey)).toMatchObject({
    ok: false,
    code: 'cosignatures-full',
  });
});

test('a receipt has as many hashes as a proof; one more is malformed', () => {
  const hash = new Uint8Array(32);
  const receipt = (count: number) => ({
    index: 0n,
    proof: Array(count).fill(hash),
    checkpoint: encodeUtf8(TEXT),
  });
  expect(parseReceipt(formatReceipt(receipt(PROOF_HASHES_MAX)))).toEqual({
    ok: true,
    value: receipt(PROOF_HASHES_MAX),
  });
  expect(parseReceipt(formatReceipt(receipt(PROOF_HASHES_MAX + 1)))).toMatchObject({
    ok: false,
    code: 'receipt-malformed',
  });
});

test('a proof is followed as far as its limit; one hash more is malformed, however large the tree', () => {
  const hash = new Uint8Array(32);
  const claim = (hashes: number) => ({
    leafHash: hash,
    index: 0n,
    size: 1n << BigInt(hashes),
    root: hash,
    proof: Array(hashes).fill(hash),
  });
  expect(verifyInclusion(claim(PROOF_HASHES_MAX))).toMatchObject({ code: 'proof-invalid' });
  expect(verifyInclusion(claim(PROOF_HASHES_MAX + 1))).toMatchObject({ code: 'proof-malformed' });
});
