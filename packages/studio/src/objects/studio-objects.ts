import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import { lockDirectory } from '../config/directory-lock.ts';
import type { ObjectsPlace } from '../config/objects-place.ts';
import { TakeArchive } from '../takes/take-archive.ts';
import { modelLists } from '../training/model-folders.ts';
import { fetchModels } from './fetch-models.ts';
import { fetchTakes } from './object-keeper.ts';
import { isObjectName } from './object-store.ts';
import { openObjects, type StudioObjects } from './open-objects.ts';

export type StudioObjectsCode =
  | 'data-directory-in-use'
  | 'data-directory-unusable'
  | 'objects-absent'
  | 'object-name-invalid';

/** What came back. */
export interface Fetched {
  readonly takes: number;
  readonly models: number;
}

/**
 * Brings the takes of a store into a data directory whose studio does not run, and the released models that its lists name and it
 * has lost; `onObject` is told each SHA-256 (hex). What cannot be brought is thrown, and what came before it stays.
 */
export async function fetchStudioObjects(
  dataDirectory: string,
  place: ObjectsPlace,
  onObject: (sha256: string) => void,
): Promise<Result<Fetched, StudioObjectsCode>> {
  const opened = openThere(place);
  if (!opened.ok) return opened;
  const objects = opened.value;
  try {
    const lock = lockDirectory(dataDirectory);
    if (!lock.ok) return lock;
    try {
      const folder = join(dataDirectory, 'takes', 'archive');
      mkdirSync(folder, { recursive: true });
      const archive = new TakeArchive(folder, Date.now);
      const kept = { archive, store: objects.takes };
      const takes = await fetchTakes(kept, join(folder, 'fetched.tmp'), onObject);
      const models = await fetchModels(modelLists(dataDirectory), objects.models, onObject);
      return ok({ takes, models });
    } finally {
      lock.value.release();
    }
  } finally {
    objects.close();
  }
}

/** Takes a take out of the store for good; answers whether it was there until now. */
export async function eraseStoredTake(
  place: ObjectsPlace,
  sha256: string,
): Promise<Result<{ readonly wasThere: boolean }, StudioObjectsCode>> {
  if (!isObjectName(sha256))
    return refuse(
      'object-name-invalid',
      `"${sha256.slice(0, 80)}" is no take: give the 64 hex digits of its id.`,
    );
  const opened = openThere(place);
  if (!opened.ok) return opened;
  const { takes, close } = opened.value;
  try {
    const wasThere = (await takes.size(sha256)) !== null;
    await takes.erase(sha256);
    return ok({ wasThere });
  } finally {
    close();
  }
}

/** A directory that is not there is a disk that is away or a wrong path: nothing of it is brought, and nothing erased. */
function openThere(place: ObjectsPlace): Result<StudioObjects, 'objects-absent'> {
  if (place.kind === 'directory' && !existsSync(place.directory))
    return refuse('objects-absent', `There is no object store in ${place.directory}: check the path.`);
  return ok(openObjects(place));
}
