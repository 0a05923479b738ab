import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import { readBlobs, readSizes } from '../git/blobs.ts';
import type { TreeFile } from '../git/history.ts';
import type { Repository } from '../git/open-repository.ts';
import type { UsesByPackage } from '../use/package-uses.ts';
import type { UsedPackage } from './divide-budget.ts';
import { type LockCode, type LockedPackage, parseLockFile } from './lock-file.ts';
import { fundingAddresses, repositoryName } from './repository-name.ts';

export type DependencyCode = LockCode | 'lock-file-missing' | 'lock-file-too-large';

/** Bytes of a lock file that are read. */
export const LOCK_FILE_BYTES_MAX = 32 << 20;

export interface DependencyInput {
  readonly repository: Repository;
  readonly tree: readonly TreeFile[];
  readonly uses: UsesByPackage;
  /** Where the packages of the replay lie; their manifests name their repositories. */
  readonly nodeModulesDirectory: string | null;
}

/** The packages that ran, as the head's lock file knows them. One that ran but is not locked, or only for development, is none. */
export async function readDependencies(
  input: DependencyInput,
): Promise<Result<UsedPackage[], DependencyCode>> {
  const text = await readLockFile(input);
  if (!text.ok) return text;
  const locked = parseLockFile(text.value);
  if (!locked.ok) return locked;
  const found: UsedPackage[] = [];
  for (const [place, uses] of input.uses) {
    const known = locked.value.get(place);
    if (known !== undefined) found.push({ ...(await describe(input, place, known)), uses });
  }
  return ok(found);
}

async function readLockFile(input: DependencyInput): Promise<Result<string, DependencyCode>> {
  const entry = input.tree.find((file) => file.path === 'package-lock.json');
  if (entry === undefined)
    return refuse(
      'lock-file-missing',
      'The head holds no package-lock.json, so no dependency is known: commit one.',
    );
  const sizes = await readSizes(input.repository, [entry.blob]);
  if ((sizes.get(entry.blob) ?? 0) > LOCK_FILE_BYTES_MAX)
    return refuse('lock-file-too-large', `package-lock.json is larger than ${LOCK_FILE_BYTES_MAX} bytes.`);
  let text = '';
  await readBlobs(input.repository, sizes, (_blob, bytes) => {
    text = bytes.toString('utf8');
  });
  return ok(text);
}

/**
 * Repository and funding come from the manifest, if it is of the locked version. Else nobody is known to be paid: a lock file is
 * committed, and whoever commits one could write any address into it.
 */
async function describe(
  input: DependencyInput,
  place: string,
  locked: LockedPackage,
): Promise<Omit<UsedPackage, 'uses'>> {
  const { name, version, isDirect } = locked;
  const manifest = await readManifest(input.nodeModulesDirectory, place);
  const isSame = manifest?.name === name && manifest.version === version;
  return {
    name,
    version,
    isDirect,
    repository: isSame ? repositoryName(manifest.repository) : null,
    funding: isSame ? fundingAddresses(manifest.funding) : [],
  };
}

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly repository?: unknown;
  readonly funding?: unknown;
}

async function readManifest(nodeModules: string | null, place: string): Promise<Manifest | null> {
  if (nodeModules === null || place.split('/').includes('..')) return null;
  try {
    const path = join(nodeModules, place.replace(/^node_modules\//, ''), 'package.json');
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' ? value : null;
  } catch {
    // Not installed here or no JSON: the lock file alone speaks.
    return null;
  }
}
