import type { RestoreReport } from '@jamnet/studio';

/** What came back, and until when. */
export function restoredText({ manifest, entries, audit, seenEntries }: RestoreReport): string {
  const { snapshotAtMs, jamnet, files } = manifest;
  return [
    `Point of recovery: ${new Date(snapshotAtMs).toISOString()}; what was answered later is not in it.`,
    `${files.length} files as their manifest says, made by JAMNet ${jamnet}; the log goes on from ${entries} entries; audit: ${audit.verdict}.`,
    seenEntries === null
      ? 'No checkpoint from outside was given (--checkpoint), so nothing shows whether the log had gone further.'
      : seenEntries > entries
        ? `LOST: ${seenEntries - entries} entries that the checkpoint from outside vouches for.`
        : `The checkpoint from outside, of ${seenEntries} entries, agrees.`,
  ].join('\n');
}

/** The same for programs: files are counted, not listed. */
export function restoredView({ manifest, ...found }: RestoreReport) {
  const { files, ...told } = manifest;
  return { ...told, files: files.length, ...found };
}
