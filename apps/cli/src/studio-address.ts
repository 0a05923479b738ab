import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDirectoryInUse } from '@jamnet/studio';

/** Where people reach the studio of a data directory, by a name that passkeys are kept under; null when none runs. */
export function studioAddress(dataDirectory: string): string | null {
  return pageAddress(dataDirectory)?.replace('127.0.0.1', 'localhost') ?? null;
}

/** Where people reach the studio of a data directory, as it says itself; null when none runs. */
export function pageAddress(dataDirectory: string): string | null {
  const file = join(dataDirectory, 'studio.public-url');
  if (!existsSync(file) || !isDirectoryInUse(dataDirectory)) return null;
  return readFileSync(file, 'utf8').trim();
}
