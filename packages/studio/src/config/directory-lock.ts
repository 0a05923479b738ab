import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ok, type Result, refuse } from '@jamnet/base';

export interface DirectoryLock {
  release(): void;
}

type LockCode = 'data-directory-in-use' | 'data-directory-unusable';

/** SQLite's primary result code for a lock that somebody else holds (sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;

/** The locks this process holds. A lock nobody refers to would be garbage, and collecting it would free the directory. */
const held = new Set<DatabaseSync>();

/**
 * Lets one studio at a time own a data directory: an exclusive lock on a small SQLite file. The system frees it whenever its holder
 * ends, however it ends, so nothing is ever left behind.
 */
export function lockDirectory(directory: string): Result<DirectoryLock, LockCode> {
  const fault = faultOf(directory);
  if (fault !== null) {
    const message = `${directory} cannot be made or written (${fault}): give another --data directory.`;
    return refuse('data-directory-unusable', message);
  }
  const file = new DatabaseSync(join(directory, 'studio.lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    held.add(file);
    return ok({ release: () => release(file) });
  } catch (error) {
    file.close();
    if (!isBusy(error)) throw error;
    return refuse(
      'data-directory-in-use',
      `Another studio has ${directory} open. Stop it, or give this one another --data directory.`,
    );
  }
}

function release(file: DatabaseSync): void {
  if (held.delete(file)) file.close();
}

/** Whether a studio has this directory open now. */
export function isDirectoryInUse(directory: string): boolean {
  const lock = lockDirectory(directory);
  if (lock.ok) lock.value.release();
  return !lock.ok && lock.code === 'data-directory-in-use';
}

function faultOf(directory: string): string | null {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === SQLITE_BUSY;
}
