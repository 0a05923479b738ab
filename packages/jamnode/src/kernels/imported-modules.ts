import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `import … from './x.ts'` and `export … from './x.ts'` of a formatted module; types alone leave nothing behind at run time. */
const RELATIVE = /^(?:import|export)\s+(?!type\b)(?:[^'";]*\bfrom\s+)?'(\.[^']+)'/gm;

/**
 * A module and all that it imports by relative paths, directly or not, sorted by path. Other packages are not followed: what they
 * compute has their own tests and versions.
 */
export function importedModules(entry: string): string[] {
  const found = new Set([entry]);
  for (const file of found)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(RELATIVE))
      found.add(join(dirname(file), path));
  return [...found].sort();
}
