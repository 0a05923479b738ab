import { decodeUtf8, encodeUtf8, fromBase64, ok, type Result, refuse, toBase64 } from '@jamnet/base';
import { type CheckpointCode, type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { parseVerifierKey } from './note-key.ts';
import { type NoteCode, parseNote, verifyNote } from './signed-note.ts';
import { HASH_BYTES, leafHash } from './tree-hash.ts';
import { PROOF_HASHES_MAX, type ProofCode, verifyInclusion } from './verify-proof.ts';

/** A log promises a leaf at most this long after it accepted the request. */
export const PROMISE_US = 24n * 3_600n * 1_000_000n;
const PROMISE_HEADER = 'jamnet-ledger/promise/v1';
const PROOF_HEADER = 'c2sp.org/tlog-proof@v1';

/** What the log signs when it accepts a request: this leaf will be published at this index by then, or the log is at fault. */
export interface LeafPromise {
  readonly origin: string;
  readonly index: bigint;
  readonly leafHash: Uint8Array;
  readonly acceptedAtUs: bigint;
  readonly publishedByUs: bigint;
}

/** The signed text. Its first line keeps it apart from every checkpoint, though the key is the same. */
export function promiseText(promise: LeafPromise): string {
  const { origin, index, acceptedAtUs, publishedByUs } = promise;
  const leaf = toBase64(promise.leafHash);
  return `${PROMISE_HEADER}\n${origin}\nindex ${index}\nleaf ${leaf}\naccepted ${acceptedAtUs}\nby ${publishedByUs}\n`;
}

export type PromiseCode = NoteCode | 'vkey-malformed' | 'promise-malformed' | 'origin-mismatch';

/** Checks a promise's signature by the log's vkey and reads it. */
export function verifyPromise(note: Uint8Array, vkey: string): Result<LeafPromise, PromiseCode> {
  const key = parseVerifierKey(vkey);
  if (!key.ok) return key;
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const signed = verifyNote(parsed.value, [key.value]);
  if (!signed.ok) return signed;
  const promise = parsePromise(parsed.value.text);
  if (!promise) return refuse('promise-malformed', 'The signed text is no promise of a leaf.');
  if (promise.origin !== key.value.name) return refuse('origin-mismatch', 'The promise is of another log.');
  return ok(promise);
}

const PROMISE_PATTERN =
  /^([^\n]+)\n([^\n]+)\nindex (\d{1,16})\nleaf ([^\n]+)\naccepted (\d{1,19})\nby (\d{1,19})\n$/;

function parsePromise(text: string): LeafPromise | null {
  const [, header, origin = '', index = '', leaf = '', accepted = '', by = ''] =
    PROMISE_PATTERN.exec(text) ?? [];
  const hash = fromBase64(leaf);
  if (header !== PROMISE_HEADER || hash?.length !== HASH_BYTES) return null;
  return {
    origin,
    index: BigInt(index),
    leafHash: hash,
    acceptedAtUs: BigInt(accepted),
    publishedByUs: BigInt(by),
  };
}

/** C2SP tlog-proof: an inclusion proof together with the checkpoint it leads to. */
export interface InclusionReceipt {
  readonly index: bigint;
  /** Leaf to root. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, with its cosignatures. */
  readonly checkpoint: Uint8Array;
}

export function formatReceipt(receipt: InclusionReceipt): Uint8Array {
  const hashes = receipt.proof.map((hash) => `${toBase64(hash)}\n`).join('');
  const checkpoint = decodeUtf8(receipt.checkpoint) ?? '';
  return encodeUtf8(`${PROOF_HEADER}\nindex ${receipt.index}\n${hashes}\n${checkpoint}`);
}

export type ReceiptCode = CheckpointCode | ProofCode | 'receipt-malformed';

export function parseReceipt(bytes: Uint8Array): Result<InclusionReceipt, 'receipt-malformed'> {
  const text = decodeUtf8(bytes);
  const split = text?.indexOf('\n\n') ?? -1;
  const lines = text?.slice(0, split).split('\n') ?? [];
  const extra = lines[1]?.startsWith('extra ') ? 1 : 0;
  const index = /^index (\d{1,16})$/.exec(lines[1 + extra] ?? '')?.[1];
  const proof = lines.slice(2 + extra).map(fromBase64);
  const whole = proof.every((hash) => hash !== null) && proof.length <= PROOF_HASHES_MAX;
  if (text === null || split < 0 || lines[0] !== PROOF_HEADER || index === undefined || !whole) {
    return refuse(
      'receipt-malformed',
      `A receipt begins with ${PROOF_HEADER}, an index line and base64 hashes.`,
    );
  }
  return ok({ index: BigInt(index), proof, checkpoint: encodeUtf8(text.slice(split + 2)) });
}

/** Checks that `leaf` is where the receipt says, in a tree that the log signed. */
export function verifyReceipt(
  receipt: Uint8Array,
  leaf: Uint8Array,
  vkey: string,
  witnesses: readonly string[] = [],
): Result<VerifiedCheckpoint, ReceiptCode> {
  const parsed = parseReceipt(receipt);
  if (!parsed.ok) return parsed;
  const checkpoint = verifyCheckpoint(parsed.value.checkpoint, vkey, witnesses);
  if (!checkpoint.ok) return checkpoint;
  const { size, root } = checkpoint.value;
  const { index, proof } = parsed.value;
  const included = verifyInclusion({ leafHash: leafHash(leaf), index, size, root, proof });
  return included.ok ? checkpoint : included;
}
