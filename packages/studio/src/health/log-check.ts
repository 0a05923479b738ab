import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { CHECKPOINT_PATH, directoryFiles, verifyCheckpoint } from '@jamnet/ledger';
import type { HealthCode } from './health-check.ts';

/**
 * The log's head as it lies on the disk, not as this process remembers it. Whether it can be written is asked of the system, not tried:
 * who asks leaves no trace.
 */
export async function lookAtLog(logDirectory: string, logVkey: string): Promise<HealthCode | null> {
  const note = await directoryFiles(logDirectory).read(CHECKPOINT_PATH);
  if (!note || !verifyCheckpoint(note, logVkey).ok) return 'log-unreadable';
  const canWrite = await access(logDirectory, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return canWrite ? null : 'log-unwritable';
}
