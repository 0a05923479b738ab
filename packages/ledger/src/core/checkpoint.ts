import { fromBase64, ok, type Result, refuse, toBase64 } from '@jamnet/base';
import { parseVerifierKey, type VerifierKey } from './note-key.ts';
import {
  type NoteCode,
  parseNote,
  type SignedNote,
  type VerifiedSignature,
  verifyNote,
} from './signed-note.ts';
import { HASH_BYTES } from './tree-hash.ts';

/** C2SP tlog-checkpoint: the state of the log that its operator signs. */
export interface Checkpoint {
  /** Name of the log and of its key: its URL without scheme. */
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

export type CheckpointCode = NoteCode | 'vkey-malformed' | 'checkpoint-malformed' | 'origin-mismatch';

/** Sizes beyond 2⁵³−1 are none of ours: tile indices are Numbers. */
const SIZE_MAX = 2n ** 53n - 1n;

export function checkpointText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/** Reads the body; extension lines are allowed and ignored, as readers must. */
export function parseCheckpointText(text: string): Result<Checkpoint, 'checkpoint-malformed'> {
  const [origin = '', sizeText = '', rootText = ''] = text.split('\n');
  const root = fromBase64(rootText);
  const size = /^(0|[1-9]\d{0,15})$/.test(sizeText) ? BigInt(sizeText) : null;
  if (origin === '' || size === null || size > SIZE_MAX || root?.length !== HASH_BYTES) {
    return refuse('checkpoint-malformed', 'A checkpoint is three lines: origin, decimal size, base64 root.');
  }
  return ok({ origin, size, root });
}

/** A checkpoint whose log key, and any known witness, really signed it. */
export interface VerifiedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
  /** The log's own signature first where it is among the keys; cosignatures of known witnesses after it. */
  readonly signatures: readonly VerifiedSignature[];
  /** Names of the known witnesses that cosigned. */
  readonly witnesses: readonly string[];
}

/**
 * Checks the log's signature by its vkey and reads the checkpoint; `witnesses` are vkeys whose cosignatures count.
 * The origin must be the name of the log's key.
 */
export function verifyCheckpoint(
  note: Uint8Array,
  vkey: string,
  witnesses: readonly string[] = [],
): Result<VerifiedCheckpoint, CheckpointCode> {
  const log = parseVerifierKey(vkey);
  if (!log.ok) return log;
  const keys: VerifierKey[] = [];
  for (const text of witnesses) {
    const witness = parseVerifierKey(text);
    if (!witness.ok) return witness;
    keys.push(witness.value);
  }
  const parsed = parseNote(note);
  return parsed.ok ? verifyParsed(parsed.value, log.value, keys) : parsed;
}

function verifyParsed(
  note: SignedNote,
  log: VerifierKey,
  witnesses: readonly VerifierKey[],
): Result<VerifiedCheckpoint, CheckpointCode> {
  const bySelf = verifyNote(note, [log]);
  if (!bySelf.ok) return bySelf;
  const byWitnesses = verifyNote(note, witnesses);
  if (!byWitnesses.ok && byWitnesses.code === 'signature-invalid') return byWitnesses;
  const cosignatures = byWitnesses.ok ? byWitnesses.value : [];
  const checkpoint = parseCheckpointText(note.text);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value.origin !== log.name) {
    return refuse('origin-mismatch', `The checkpoint is of ${checkpoint.value.origin}, not of ${log.name}.`);
  }
  const names = [...new Set(cosignatures.map(({ key }) => key.name))];
  return ok({ ...checkpoint.value, note, signatures: [...bySelf.value, ...cosignatures], witnesses: names });
}
