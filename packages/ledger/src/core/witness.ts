import { decodeUtf8, encodeUtf8, equalBytes, fromBase64, ok, type Result, refuse } from '@jamnet/base';
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts';
import { formatSignatureLine } from './signed-note.ts';
import { cosign, type Signer } from './signer.ts';
import { PROOF_HASHES_MAX, verifyConsistency } from './verify-proof.ts';

/** What a witness remembers of one log: the newest checkpoint it cosigned. */
export interface WitnessedTree {
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** A log that the witness watches; `seen` is `null` before its first checkpoint. */
export interface WatchedLog {
  readonly origin: string;
  readonly vkey: string;
  readonly seen: WitnessedTree | null;
}

/** What to answer over HTTP. With status 200, `next` must be stored atomically in place of `seen` before answering. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
  readonly next: WitnessedTree | null;
}

/** The body of a POST to `add-checkpoint`. */
export interface AddCheckpoint {
  readonly oldSize: bigint;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
  readonly origin: string;
}

/** C2SP tlog-witness: `old <size>`, at most 63 base64 hashes, an empty line, the checkpoint. */
export function parseAddCheckpoint(body: Uint8Array): Result<AddCheckpoint, 'request-malformed'> {
  const text = decodeUtf8(body);
  const split = text?.indexOf('\n\n') ?? -1;
  const [first = '', ...hashes] = text?.slice(0, Math.max(split, 0)).split('\n') ?? [];
  const oldSize = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  const proof = hashes.map(fromBase64);
  const whole = proof.every((hash) => hash !== null) && proof.length <= PROOF_HASHES_MAX;
  if (text === null || split < 0 || oldSize === undefined || !whole) {
    return refuse(
      'request-malformed',
      'The body is: old <size>, base64 proof lines, an empty line, the checkpoint.',
    );
  }
  const checkpoint = text.slice(split + 2);
  const origin = checkpoint.split('\n')[0] ?? '';
  return ok({ oldSize: BigInt(oldSize), proof, checkpoint: encodeUtf8(checkpoint), origin });
}

/**
 * Decides one add-checkpoint request. `log` is what the witness knows of the request's origin, read under a lock that
 * is kept until `next` is stored: two answers from one `seen` would let a log fork.
 */
export function decideAddCheckpoint(
  request: AddCheckpoint,
  log: WatchedLog | null,
  nowSeconds: bigint,
  signer: Signer,
): WitnessAnswer {
  if (!log) return plain(404, 'This witness does not watch that origin.');
  const verified = verifyCheckpoint(request.checkpoint, log.vkey);
  if (!verified.ok) return plain(verified.code === 'note-malformed' ? 400 : 403, verified.message);
  const checkpoint = verified.value;
  if (request.oldSize > checkpoint.size) return plain(400, 'The old size is larger than the checkpoint.');
  const seenSize = log.seen?.size ?? 0n;
  if (request.oldSize !== seenSize) return conflict(seenSize);
  if (!extendsSeen(request, log.seen, checkpoint)) return forkAnswer(log.seen, checkpoint);
  const line = formatSignatureLine(cosign(checkpoint.note.text, nowSeconds, signer));
  const next = { size: checkpoint.size, root: checkpoint.root };
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: line, next };
}

function extendsSeen(request: AddCheckpoint, seen: WitnessedTree | null, checkpoint: Checkpoint): boolean {
  const { size, root } = checkpoint;
  const oldRoot = seen?.root ?? root;
  return verifyConsistency({ oldSize: request.oldSize, oldRoot, size, root, proof: request.proof }).ok;
}

/** The same size with another root is a conflict that no proof can mend; else the proof was wrong. */
function forkAnswer(seen: WitnessedTree | null, checkpoint: Checkpoint): WitnessAnswer {
  if (seen && seen.size === checkpoint.size && !equalBytes(seen.root, checkpoint.root))
    return conflict(seen.size);
  return plain(422, 'The consistency proof does not hold.');
}

function conflict(size: bigint): WitnessAnswer {
  return { status: 409, contentType: 'text/x.tlog.size', body: `${size}\n`, next: null };
}

function plain(status: WitnessAnswer['status'], message: string): WitnessAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${message}\n`, next: null };
}
