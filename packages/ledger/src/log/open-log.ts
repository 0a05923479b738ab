import { equalBytes } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { formatKeyChanges, KEYS_PATH } from '../core/key-chain.ts';
import type { Signer } from '../core/signer.ts';
import type { Ledger } from '../store/ledger.ts';
import { directoryFiles } from './directory-files.ts';
import type { LogFiles } from './log-files.ts';
import { sharedLogFiles } from './shared-log-files.ts';
import { TransparencyLog } from './transparency-log.ts';

/**
 * Opens the log under `directory`, made if need be. What a crash left between commit and publication is published now:
 * missing leaves come from the journal.
 */
export async function openLog(options: {
  directory: string;
  ledger: Ledger;
  /** URL of the log without scheme, e.g. `studio.example/log`. */
  origin: string;
  signer: Signer;
  /** Earlier keys that still sign. */
  besides?: readonly Signer[];
  /** How the log came from key to key, as `signKeyChange` made it. */
  keyChanges?: readonly string[];
  /** The journal's database, where several processes may publish one log: each into a directory of its own. */
  database?: Database;
}): Promise<TransparencyLog> {
  const { directory, ledger, origin, signer, besides = [], keyChanges = [], database } = options;
  const local = directoryFiles(directory);
  const files = database?.engine === 'postgres' ? sharedLogFiles(local, database) : local;
  // Before the checkpoint that only the new key may have signed.
  if (keyChanges.length > 0) await publishKeys(files, formatKeyChanges(keyChanges));
  const log = new TransparencyLog({ ledger, origin, signer, besides, files });
  await log.publish(0n);
  return log;
}

async function publishKeys(files: LogFiles, bytes: Uint8Array): Promise<void> {
  const published = await files.read(KEYS_PATH);
  if (published && equalBytes(published, bytes)) return;
  await files.write(KEYS_PATH, bytes);
  await files.flush();
}
