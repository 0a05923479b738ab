import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDirectoryInUse } from '@jamnet/studio';

/** Where the studio of a data directory listens, by name; null when none runs. */
export function studioAddress(dataDirectory: string): string | null {
  const file = join(dataDirectory, 'studio.url');
  if (!existsSync(file) || !isDirectoryInUse(dataDirectory)) return null;
  return readFileSync(file, 'utf8').trim().replace('127.0.0.1', 'localhost');
}
