import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';

/** Folders in folders; a link that leads back to itself ends here. */
const DEPTH_MAX = 24;
/** Files of one studio that a backup holds: 10,000 takes of some fifty chunks, twenty times over. */
export const FILES_MAX = 10_000_000;

/** Where the snapshot of the database lies while it is packed; nothing of it stays. */
export const STAGING = 'backup-staging';
export const DATABASE = 'jamnet.sqlite';

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
export function filesBefore(directory: string): DataFile[] {
  const files = allFiles(directory).filter(({ path }) => isFirst(path));
  // The checkpoint before the tiles: those it needs are there by then.
  return files.sort((a, b) => Number(isCheckpoint(b.path)) - Number(isCheckpoint(a.path)));
}

/** All others; to be listed after the snapshot, so that whatever it names is among them. */
export function filesAfter(directory: string): DataFile[] {
  return allFiles(directory).filter(({ path }) => !isFirst(path));
}

function allFiles(directory: string): DataFile[] {
  const files: DataFile[] = [];
  walk(directory, '', 0, files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isFirst(path: string): boolean {
  return FIRST.some((start) => path.startsWith(start));
}

function isCheckpoint(path: string): boolean {
  return path === 'public/log/checkpoint';
}

function walk(root: string, folder: string, depth: number, into: DataFile[]): void {
  if (depth > DEPTH_MAX)
    throw new Failure(
      'folders-too-deep',
      `${join(root, folder)} lies more than ${DEPTH_MAX} folders deep: a link that leads back?`,
    );
  for (const name of namesIn(join(root, folder))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (LEFT_OUT.has(path) || isPassing(name)) continue;
    // A link is followed: sound often lies on another disk.
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (found?.isDirectory()) walk(root, path, depth + 1, into);
    else if (found?.isFile()) into.push({ path, bytes: found.size });
    if (into.length > FILES_MAX)
      throw new Failure(
        'too-many-files',
        `${root} holds more than ${FILES_MAX} files: back it up by the file system's own snapshots.`,
      );
  }
}

/** Being written, or a lock, or a log of what happened on this machine. */
function isPassing(name: string): boolean {
  return (
    name.endsWith('.tmp') || name.endsWith('.new') || name.endsWith('.log') || name === '.publisher-lock'
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
