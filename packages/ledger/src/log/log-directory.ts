import { Failure, ok, type Result, refuse } from '@jamnet/base';
import { type AddSignatureCode, addSignature } from '../core/add-signature.ts';
import { verifyCheckpoint } from '../core/checkpoint.ts';
import { planConsistency } from '../core/proof-plan.ts';
import { readProof } from '../core/read-tiles.ts';
import { formatNote } from '../core/signed-note.ts';
import { CHECKPOINT_PATH } from '../core/tile-path.ts';
import type { CosignableLog } from '../witness/collect-cosignature.ts';
import type { LogFiles } from './log-files.ts';

/**
 * A published log without its journal and key: enough to add cosignatures from another process than the publisher's.
 * The publisher takes them up at its next look, since it reads the checkpoint under the same lock.
 */
export class LogDirectory implements CosignableLog {
  readonly vkey: string;
  readonly #files: LogFiles;

  constructor(files: LogFiles, vkey: string) {
    this.#files = files;
    this.vkey = vkey;
  }

  async checkpoint(): Promise<Uint8Array> {
    const note = await this.#files.read(CHECKPOINT_PATH);
    if (note) return note;
    throw new Failure(
      'checkpoint-absent',
      'There is no file named checkpoint: is this the directory of a log?',
    );
  }

  async consistencyProof(
    oldSize: bigint,
    size: bigint,
  ): Promise<Result<readonly Uint8Array[], 'tile-absent'>> {
    if (oldSize === 0n || oldSize === size) return ok([]);
    const plan = planConsistency(Number(oldSize), Number(size));
    const proof = await readProof(plan, this.#files.read, Number(size));
    return proof
      ? ok(proof)
      : refuse('tile-absent', 'A tile of the proof is missing: rebuild the log directory.');
  }

  async addCosignature(
    line: string,
    witnessVkey: string,
  ): Promise<Result<true, AddSignatureCode | 'checkpoint-damaged'>> {
    const unlock = await this.#files.lock();
    try {
      const current = verifyCheckpoint(await this.checkpoint(), this.vkey);
      if (!current.ok) return refuse('checkpoint-damaged', current.message);
      const signed = addSignature(current.value.note, line, witnessVkey);
      if (!signed.ok) return signed;
      await this.#files.write(CHECKPOINT_PATH, formatNote(signed.value));
      await this.#files.flush();
      return ok(true);
    } finally {
      await unlock();
    }
  }
}
