import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** DESIGN §3 in one line: a package may import only packages that stand before it. */
export const ORDER = [
  'packages/base',
  'packages/bus',
  'packages/sql',
  'packages/accounts',
  'packages/jdat',
  'packages/pnbtr',
  'packages/toast',
  'packages/groove',
  'packages/ledger',
  'packages/economy',
  'packages/attribution',
  'packages/mesh',
  'packages/jamnode',
  'apps/jambox',
  'packages/sim',
  'packages/studio',
  'apps/web',
  'apps/cli',
] as const;

/** Pairs that stand in order and yet must not know each other: the studio joins them. */
export const STRANGERS: readonly (readonly [string, string])[] = [
  ['packages/ledger', 'packages/toast'],
  ['packages/ledger', 'packages/groove'],
  ['packages/mesh', 'packages/toast'],
  ['packages/mesh', 'packages/groove'],
  ['packages/mesh', 'packages/ledger'],
  ['packages/groove', 'packages/toast'],
];

/** Folders whose code sees only the language: time, chance, sockets, files and logs come in as arguments. */
export const PURE = [
  'packages/base/src',
  'packages/jdat/src',
  'packages/pnbtr/src',
  'packages/toast/src',
  'packages/groove/src',
  'packages/ledger/src/core',
  'packages/economy/src/core',
  'packages/attribution/src/core',
  'packages/mesh/src/core',
];

export interface SourceFile {
  /** Path from the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.node24', 'test-results', 'samples', 'coverage']);

/** All files below `folder` whose name ends in one of `endings`. */
export function filesBelow(folder: string, endings: readonly string[]): SourceFile[] {
  const found: SourceFile[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path, endings));
    else if (endings.some((ending) => entry.name.endsWith(ending))) {
      const absolute = join(ROOT, path);
      found.push({
        path: relative(ROOT, absolute).split(sep).join('/'),
        text: readFileSync(absolute, 'utf8'),
      });
    }
  }
  return found;
}

export function isTest(path: string): boolean {
  return /\.(test|suite)\.tsx?$|\/testing\/|^tests\//.test(path);
}

/** Module names that a file imports or re-exports, dynamic imports with a literal included. */
export function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}
