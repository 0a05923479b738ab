import { Failure } from '@jamnet/base';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** Raised when what a backup holds changes so that older builds cannot restore it. */
export const BACKUP_FORMAT = 1;
/** Name of the manifest in the archive; the last entry, so that it can tell of all the others. */
export const MANIFEST = 'manifest.json';
export const MANIFEST_BYTES_MAX = 256 * 1024 * 1024;
/** Files of one backup: at some 184 bytes each the manifest stays below {@link MANIFEST_BYTES_MAX}. */
export const FILES_MAX = 1_000_000;

/** What may name a file of a backup: banks call theirs as they like, so all but control characters, `\\`, and parts `.`, `..` and none. */
const SAFE_PATH = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\p{Cc}\\]+$/u;
const PATH_LENGTH_MAX = 1024;

/** Whether a file of this name, from the data directory on, can be in a backup. */
export function isSafePath(path: string): boolean {
  return path.length <= PATH_LENGTH_MAX && SAFE_PATH.test(path);
}

const Whole = Type.Integer({ minimum: 0 });
const Manifest = Type.Object({
  format: Type.Integer({ minimum: 1 }),
  jamnet: Type.String(),
  /** Point of recovery, UTC ms: what the studio answered before this moment is in the backup. */
  snapshotAtMs: Whole,
  /** Leaves of the journal at that moment. */
  leaves: Whole,
  /** Newest step of each store's tables. */
  schemas: Type.Array(Type.Object({ store: Type.String(), step: Type.String() })),
  files: Type.Array(Type.Object({ path: Type.String(), bytes: Whole, sha256: Type.String() })),
});

export type Manifest = Static<typeof Manifest>;
export type ManifestFile = Manifest['files'][number];

/** Throws `backup-damaged` or, for one made by a newer JAMNet, `backup-too-new`. */
export function parseManifest(text: string): Manifest {
  const value = readJson(text);
  if (!Value.Check(Manifest, value))
    throw new Failure(
      'backup-damaged',
      `The backup's ${MANIFEST} is not what JAMNet writes: take another backup.`,
    );
  if (value.format > BACKUP_FORMAT) {
    const message = `The backup was made by JAMNet ${value.jamnet} in format ${value.format}; this one reads up to ${BACKUP_FORMAT}: restore it with that version.`;
    throw new Failure('backup-too-new', message);
  }
  return value;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
