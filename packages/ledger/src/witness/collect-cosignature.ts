import { encodeUtf8, ok, type Result, refuse, toBase64 } from '@jamnet/base';
import { type CheckpointCode, verifyCheckpoint } from '../core/checkpoint.ts';
import { parseVerifierKey } from '../core/note-key.ts';
import { parseNote, parseSignatureLine, verifyNote } from '../core/signed-note.ts';

/** A log whose newest checkpoint can be cosigned: the running one, or only its directory. */
export interface CosignableLog {
  readonly vkey: string;
  /** The newest signed checkpoint, as served. */
  checkpoint(): Promise<Uint8Array>;
  consistencyProof(oldSize: bigint, size: bigint): Promise<Result<readonly Uint8Array[]>>;
  /** Publishes one signature line beside the others. */
  addCosignature(line: string, witnessVkey: string): Promise<Result<true>>;
}

/** What a witness said. */
export interface WitnessReply {
  readonly status: number;
  readonly body: string;
}

export type CollectCode =
  | CheckpointCode
  | 'witness-refused'
  | 'witness-ahead'
  | 'cosignature-invalid'
  | 'checkpoint-moved'
  | 'proof-unavailable';

/** The log may publish a newer checkpoint while the witness thinks about this one; then it is asked again. */
const ATTEMPTS = 3;

export interface CollectedCosignature {
  readonly witness: string;
  readonly size: bigint;
  readonly timeSeconds: bigint;
}

/**
 * Has a witness cosign the log's newest checkpoint and publishes the cosignature. The witness's own answer tells which
 * size it saw last (C2SP tlog-witness, status 409), so nothing about it is remembered here. `post` sends a body to the
 * witness's `add-checkpoint`.
 */
export async function collectCosignature(
  log: CosignableLog,
  witnessVkey: string,
  post: (body: Uint8Array) => Promise<WitnessReply>,
): Promise<Result<CollectedCosignature, CollectCode>> {
  let collected = await collectOnce(log, witnessVkey, post);
  for (let attempt = 1; attempt < ATTEMPTS && isMoved(collected); attempt++)
    collected = await collectOnce(log, witnessVkey, post);
  return collected;
}

function isMoved(collected: Result<unknown, CollectCode>): boolean {
  return !collected.ok && collected.code === 'checkpoint-moved';
}

async function collectOnce(
  log: CosignableLog,
  witnessVkey: string,
  post: (body: Uint8Array) => Promise<WitnessReply>,
): Promise<Result<CollectedCosignature, CollectCode>> {
  const note = await log.checkpoint();
  const checkpoint = verifyCheckpoint(note, log.vkey);
  if (!checkpoint.ok) return checkpoint;
  const { size } = checkpoint.value;
  let reply = await post(requestBody(0n, [], note));
  if (reply.status === 409) {
    const seen = seenSize(reply.body);
    if (seen === null || seen > size) return ahead(seen);
    const proof = await log.consistencyProof(seen, size);
    if (!proof.ok) return refuse('proof-unavailable', proof.message);
    reply = await post(requestBody(seen, proof.value, note));
  }
  if (reply.status !== 200)
    return refuse('witness-refused', `The witness answered ${reply.status}: ${reply.body.trim()}`);
  return await publish(log, note, reply.body, witnessVkey);
}

async function publish(
  log: CosignableLog,
  note: Uint8Array,
  lines: string,
  witnessVkey: string,
): Promise<Result<CollectedCosignature, CollectCode>> {
  const parsed = parseNote(note);
  const key = parseVerifierKey(witnessVkey);
  if (!parsed.ok) return parsed;
  if (!key.ok) return key;
  for (const line of lines.split('\n')) {
    const signature = parseSignatureLine(line);
    if (!signature) continue;
    const { text } = parsed.value;
    const verified = verifyNote({ text, signatures: [signature] }, [key.value]);
    if (!verified.ok) continue;
    const added = await log.addCosignature(line, witnessVkey);
    // It fits the checkpoint that was sent, so another one has taken that one's place.
    if (!added.ok) return refuse('checkpoint-moved', 'The log went on meanwhile: ask the witness again.');
    const size = BigInt(text.split('\n')[1] ?? '0');
    return ok({ witness: signature.name, size, timeSeconds: verified.value[0]?.timeSeconds ?? 0n });
  }
  return refuse('cosignature-invalid', 'The witness sent no cosignature that its key confirms.');
}

/** C2SP tlog-witness: `old <size>`, base64 proof lines, an empty line, the checkpoint. */
function requestBody(oldSize: bigint, proof: readonly Uint8Array[], note: Uint8Array): Uint8Array {
  const lines = proof.map((hash) => `${toBase64(hash)}\n`).join('');
  const head = encodeUtf8(`old ${oldSize}\n${lines}\n`);
  const body = new Uint8Array(head.length + note.length);
  body.set(head);
  body.set(note, head.length);
  return body;
}

function seenSize(body: string): bigint | null {
  return /^\d{1,16}\n?$/.test(body) ? BigInt(body.trim()) : null;
}

function ahead(seen: bigint | null): Result<never, CollectCode> {
  return refuse(
    'witness-ahead',
    `The witness cosigned ${seen ?? 'an unknown number of'} leaves, more than this checkpoint has: is this an old copy of the log?`,
  );
}
