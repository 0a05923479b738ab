import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { FILES_MAX, isSafePath } from './manifest.ts';

/** Folders in folders; a link that leads back to itself ends here. */
const DEPTH_MAX = 24;
const LIMITS = { files: FILES_MAX, depth: DEPTH_MAX };

/** Where the snapshot of the database lies while it is packed; nothing of it stays. */
export const STAGING = 'backup-staging';
export const DATABASE = 'jamnet.sqlite';
/** Folders that a restore unpacks into begin so. */
export const RESTORING = 'restoring-';

/** Made anew from the rest or from elsewhere, or of this machine alone. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // The live database is packed as a snapshot of its own.
  DATABASE,
  `${DATABASE}-wal`,
  `${DATABASE}-shm`,
  'studio.lock',
  'studio.url',
  'studio.public-url',
  'cache',
  'work',
  // Fetched again from where they came.
  'code/mirrors',
  STAGING,
]);

/**
 * What must be copied before the database is: these are made from the journal, so each may be older than the journal beside it and
 * is then brought up to date at the next start; newer it would contradict it.
 */
const FIRST = [
  'public/log/',
  'public/epochs.json',
  'public/epochs/',
  'public/proposals.json',
  'public/proposals/',
] as const;

/** One file as it was when it was found. */
export interface DataFile {
  /** From the data directory on, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** Files that are copied before the database's snapshot; to be listed at the same time as they are copied. */
export function filesBefore(directory: string, limits = LIMITS): DataFile[] {
  const files = allFiles(directory, limits).filter(({ path }) => isFirst(path));
  // The checkpoint before the tiles: those it needs are there by then.
  return files.sort((a, b) => Number(isCheckpoint(b.path)) - Number(isCheckpoint(a.path)));
}

/** All others; to be listed after the snapshot, so that whatever it names is among them. */
export function filesAfter(directory: string, limits = LIMITS): DataFile[] {
  return allFiles(directory, limits).filter(({ path }) => !isFirst(path));
}

/** Throws `folders-too-deep`, `too-many-files`, `file-name-unfit`. */
function allFiles(directory: string, limits: typeof LIMITS): DataFile[] {
  const files: DataFile[] = [];
  walk(directory, '', limits.depth, limits.files, files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isFirst(path: string): boolean {
  return FIRST.some((start) => path.startsWith(start));
}

function isCheckpoint(path: string): boolean {
  return path === 'public/log/checkpoint';
}

function walk(root: string, folder: string, depthLeft: number, filesMax: number, into: DataFile[]): void {
  if (depthLeft < 0)
    throw new Failure(
      'folders-too-deep',
      `${join(root, folder)} lies too many folders deep: a link that leads back?`,
    );
  for (const name of namesIn(join(root, folder))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (LEFT_OUT.has(path) || name.startsWith(RESTORING)) continue;
    // A link is followed: sound often lies on another disk.
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      if (!isPassingFolder(path)) walk(root, path, depthLeft - 1, filesMax, into);
    } else if (found?.isFile() && !isPassing(name)) {
      if (!isSafePath(path)) throw unfit(join(root, path));
      into.push({ path, bytes: found.size });
    }
    if (into.length > filesMax)
      throw new Failure(
        'too-many-files',
        `${root} holds more than ${filesMax} files: back it up by the file system's own snapshots.`,
      );
  }
}

/** Being written, or a lock, or a log of what happened on this machine. */
function isPassing(name: string): boolean {
  return (
    name.endsWith('.tmp') || name.endsWith('.new') || name.endsWith('.log') || name === '.publisher-lock'
  );
}

/** A picture of a repository while it is drawn; other folders may end as they like. */
function isPassingFolder(path: string): boolean {
  return path.startsWith('code/pictures/') && path.endsWith('.new');
}

function unfit(file: string): Failure {
  return new Failure(
    'file-name-unfit',
    `${file} has a name that a studio gives none of its files, and no backup can hold: rename it or take it away.`,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    // A folder of the log that was replaced meanwhile.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}
