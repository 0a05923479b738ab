import { accessSync, constants, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';

export interface DirectoryLock {
  release(): void;
}

/**
 * Lets one studio at a time own a data directory. A lock whose process is gone (kill -9, power) is taken over.
 * The file holds the owner's process id.
 */
export function lockDirectory(
  directory: string,
): Result<DirectoryLock, 'data-directory-in-use' | 'data-directory-unusable'> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(
      'data-directory-unusable',
      `${directory} cannot be made or written (${why}): give another --data directory.`,
    );
  }
  const file = join(realpathSync(directory), 'studio.lock');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      HELD_HERE.add(file);
      return ok({ release: () => release(file) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    if (HELD_HERE.has(file) || (owner !== null && isAlive(owner))) {
      return refuse(
        'data-directory-in-use',
        `Another studio (process ${owner ?? process.pid}) has ${directory} open. Stop it, or give this one another --data directory.`,
      );
    }
    rmSync(file, { force: true });
  }
}

/** Locks of this very process. A file with our process id that is not among them is left from before a restart. */
const HELD_HERE = new Set<string>();

function release(file: string): void {
  HELD_HERE.delete(file);
  rmSync(file, { force: true });
}

function ownerOf(file: string): number | null {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(owner) && owner > 0 && owner !== process.pid ? owner : null;
  } catch {
    return null;
  }
}

/** A killed process whose parent has not collected it yet answers signals, but holds nothing any more. Linux only. */
function isZombie(processId: number): boolean {
  try {
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Signal 0 asks only whether the process is there; EPERM means it is, and is somebody else's. */
function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
