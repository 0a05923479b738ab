import { hash } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import { type VerifiedCheckpoint, verifyCheckpoint } from '../core/checkpoint.ts';
import { planConsistency } from '../core/proof-plan.ts';
import { type LogReader, readProof } from '../core/read-tiles.ts';
import type { Sha256 } from '../core/tree-hash.ts';
import { type VerifiedDirectory, verifyDirectory } from '../core/verify-directory.ts';
import { verifyConsistency } from '../core/verify-proof.ts';

export interface VerifyLogOptions {
  readonly read: LogReader;
  readonly vkey: string;
  /** vkeys of witnesses whose cosignatures count. */
  readonly witnesses: readonly string[];
  /** Least number of them that must have cosigned. */
  readonly quorum: number;
  /** An older signed checkpoint that the log must extend; `null` for none. */
  readonly since: Uint8Array | null;
}

/** The platform's SHA-256: twice as fast as the one that also runs in browsers. */
const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** Whole log, witnesses, and that nothing was rewritten since an older checkpoint. */
export async function verifyLog(options: VerifyLogOptions): Promise<Result<VerifiedDirectory>> {
  const { read, vkey, witnesses, quorum, since } = options;
  const older = since && verifyCheckpoint(since, vkey);
  if (older && !older.ok) return refuse(older.code, `The older checkpoint: ${older.message}`);
  const verified = await verifyDirectory(read, { vkey, witnesses, sha256 });
  if (!verified.ok) return verified;
  const { checkpoint } = verified.value;
  if (checkpoint.witnesses.length < quorum) {
    return refuse(
      'witnesses-too-few',
      `${checkpoint.witnesses.length} of the named witnesses cosigned; --quorum asks for ${quorum}.`,
    );
  }
  const extended = older ? await extendsOlder(read, older.value, checkpoint) : ok(true);
  return extended.ok ? verified : extended;
}

async function extendsOlder(
  read: LogReader,
  older: VerifiedCheckpoint,
  newer: VerifiedCheckpoint,
): Promise<Result<true>> {
  const [from, to] = [Number(older.size), Number(newer.size)];
  if (from > to)
    return refuse('log-shortened', `The log has ${to} leaves, but ${from} were signed before: it was cut.`);
  const plan = from === 0 || from === to ? [] : planConsistency(from, to);
  const proof = await readProof(plan, read, to, sha256);
  if (!proof) return refuse('tile-absent', 'A tile of the consistency proof is missing.');
  const claim = { oldSize: older.size, oldRoot: older.root, size: newer.size, root: newer.root, proof };
  return verifyConsistency(claim, sha256);
}
