import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { lockDirectory } from '../config/directory-lock.ts';
import type { ObjectsPlace } from '../config/objects-place.ts';
import { TakeArchive } from '../takes/take-archive.ts';
import { fetchTakes } from './object-keeper.ts';
import { isObjectName } from './object-store.ts';
import { openObjects } from './open-objects.ts';

/** Brings the takes of a store into a data directory whose studio does not run. Throws `data-directory-in-use`. */
export async function fetchStudioTakes(
  dataDirectory: string,
  place: ObjectsPlace,
  onTake: (sha256: string) => void,
): Promise<number> {
  const lock = lockDirectory(dataDirectory);
  if (!lock.ok) throw new Failure(lock.code, lock.message);
  const objects = openObjects(place);
  try {
    const folder = join(dataDirectory, 'takes', 'archive');
    mkdirSync(folder, { recursive: true });
    const archive = new TakeArchive(folder, Date.now);
    return await fetchTakes({ archive, store: objects.takes }, join(folder, 'fetched.tmp'), onTake);
  } finally {
    objects.close();
    lock.value.release();
  }
}

/** Takes a take out of the store for good. Throws `object-name-invalid`. */
export async function eraseStoredTake(place: ObjectsPlace, sha256: string): Promise<void> {
  if (!isObjectName(sha256))
    throw new Failure(
      'object-name-invalid',
      `"${sha256.slice(0, 80)}" is no take: give the 64 hex digits of its id.`,
    );
  const objects = openObjects(place);
  try {
    await objects.takes.erase(sha256);
  } finally {
    objects.close();
  }
}
