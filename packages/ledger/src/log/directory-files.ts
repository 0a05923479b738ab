import { closeSync, fdatasync, fsync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure } from '@jamnet/base';
import type { LogFiles } from './log-files.ts';

const dataSync = promisify(fdatasync);
const sync = promisify(fsync);

/** How long a publisher waits for another one on the same directory. */
const LOCK_WAIT_MS = 10_000;
const LOCK_RETRY_MS = 20;
/** Not served by web servers that hide dot files, and never read by anybody. */
const LOCK_FILE = '.publisher-lock';

/** A log directory on the local disk: temporary file, fsync, rename. */
export function directoryFiles(directory: string): LogFiles {
  const written = new Set<string>();
  const known = new Set<string>();
  return {
    read: (path) => readOrNull(join(directory, path)),
    async write(path, bytes) {
      const file = join(directory, path);
      const folder = dirname(file);
      if (!known.has(folder)) mkdirSync(folder, { recursive: true });
      known.add(folder);
      await writeDurably(`${file}.tmp`, bytes);
      renameSync(`${file}.tmp`, file);
      for (let at = dirname(path); at !== '.'; at = dirname(at)) written.add(join(directory, at));
      written.add(directory);
    },
    async flush() {
      const folders = [...written];
      written.clear();
      await Promise.all(folders.map(syncFolder));
    },
    async removeFolder(path) {
      known.delete(join(directory, path));
      written.delete(join(directory, path));
      await rm(join(directory, path), { recursive: true, force: true });
    },
    lock: () => lockDirectory(directory),
  };
}

async function readOrNull(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new Failure('log-unreadable', `${file} could not be read`, { cause });
  }
}

/**
 * Only waiting for the disk is left to another thread: opening, writing to the page cache and closing take less time than
 * handing them over, and a publication does a hundred of them.
 */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const descriptor = openSync(file, 'w', 0o644);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    await dataSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes new names durable. Windows cannot open folders for this and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    await sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** An SQLite file is the one lock that Node has on all platforms and that ends with the process that held it. */
async function lockDirectory(directory: string): Promise<() => void> {
  await mkdir(directory, { recursive: true });
  const connection = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
  for (let waitedMs = 0; ; waitedMs += LOCK_RETRY_MS) {
    try {
      connection.exec('BEGIN EXCLUSIVE');
      return () => connection.close();
    } catch (cause) {
      if (waitedMs < LOCK_WAIT_MS) await wait(LOCK_RETRY_MS);
      else {
        connection.close();
        throw new Failure('log-locked', `another process publishes into ${directory}`, { cause });
      }
    }
  }
}
