import type { Signer } from '../core/signer.ts';
import type { Ledger } from '../store/ledger.ts';
import { directoryFiles } from './directory-files.ts';
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
}): Promise<TransparencyLog> {
  const { directory, ledger, origin, signer } = options;
  const log = new TransparencyLog({ ledger, origin, signer, files: directoryFiles(directory) });
  await log.publish(0n);
  return log;
}
