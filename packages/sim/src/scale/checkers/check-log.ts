import { platformSha256 } from '@jamnet/jamnode';
import { verifyDirectory } from '@jamnet/ledger';
import type { CrashingFiles } from '../../ledger/crashing-files.ts';
import { hold } from '../scale-broken.ts';
import type { StudioProcess } from '../studio-process.ts';

/** The published log is whole by its files alone, and holds every leaf of the journal. */
export async function checkLog({ log, ledger }: StudioProcess, files: CrashingFiles): Promise<void> {
  const verified = await verifyDirectory(files.read, { vkey: log.vkey, sha256: platformSha256 });
  hold('log', verified.ok, () => `the published log does not verify: ${verified.ok ? '' : verified.code}`);
  const { size } = verified.value.checkpoint;
  const leaves = await ledger.size();
  hold('log', size === leaves, () => `${leaves} leaves, ${size} of them published`);
}
