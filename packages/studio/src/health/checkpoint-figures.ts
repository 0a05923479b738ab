import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { equalBytes } from '@jamnet/base';
import { CHECKPOINT_PATH, directoryFiles, parseVerifierKey, verifyCheckpoint } from '@jamnet/ledger';

/** The newest published checkpoint and who vouches for it. Moments are UTC µs as decimal text. */
export interface CheckpointFigures {
  /** Leaves, decimal. */
  readonly size: string;
  /** When the file was written last: published, or cosigned. */
  readonly writtenAtUs: string;
  /** The studio's known witnesses; `cosignedAtUs` null for one that has not cosigned this checkpoint. */
  readonly witnesses: readonly { readonly name: string; readonly cosignedAtUs: string | null }[];
}

/** Reads the checkpoint of a log as it lies on the disk; null where it is none of this log's. `witnesses`: verifier keys that count. */
export async function checkpointFigures(
  logDirectory: string,
  logVkey: string,
  witnesses: readonly string[],
): Promise<CheckpointFigures | null> {
  const note = await directoryFiles(logDirectory).read(CHECKPOINT_PATH);
  const checked = note ? verifyCheckpoint(note, logVkey, witnesses) : null;
  if (!checked?.ok) return null;
  const { size, signatures } = checked.value;
  const { mtimeMs } = await stat(join(logDirectory, CHECKPOINT_PATH));
  return {
    size: size.toString(),
    writtenAtUs: (BigInt(Math.trunc(mtimeMs)) * 1000n).toString(),
    witnesses: witnesses.flatMap((vkey) => {
      const known = parseVerifierKey(vkey);
      if (!known.ok) return [];
      const { name, publicKey } = known.value;
      const own = signatures.find(({ key }) => equalBytes(key.publicKey, publicKey));
      const seconds = own?.timeSeconds ?? null;
      return [{ name, cosignedAtUs: seconds === null ? null : (seconds * 1_000_000n).toString() }];
    }),
  };
}
