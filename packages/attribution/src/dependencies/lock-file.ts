import { ok, type Result, refuse } from '@jamnet/base';

export type LockCode = 'lock-file-unreadable';

/** Packages read at most; a longer lock file is a mistake or an attack. */
export const LOCKED_PACKAGES_MAX = 50_000;

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Named by the repository's own manifest or by one of its workspaces, not only by another package. */
  readonly isDirect: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Third-party packages of an npm lock file (versions 2 and 3) by their place, e.g. `node_modules/a/node_modules/b`. What only
 * development needs (`dev`) is no part of what runs and is left out.
 */
export function parseLockFile(text: string): Result<ReadonlyMap<string, LockedPackage>, LockCode> {
  const no = (what: string): Result<ReadonlyMap<string, LockedPackage>, LockCode> =>
    refuse('lock-file-unreadable', `package-lock.json ${what}: run npm install with npm 7 or newer.`);
  const listed = readPackages(text);
  if (listed === null) return no('holds no list of packages');
  const entries = Object.entries(listed);
  if (entries.length > LOCKED_PACKAGES_MAX) return no(`lists more than ${LOCKED_PACKAGES_MAX} packages`);
  const direct = findDirect(entries, listed);
  const found = new Map<string, LockedPackage>();
  for (const [place, value] of entries) {
    const folder = packageAt(place);
    if (folder === null || !isFields(value) || value.dev === true || value.link === true) continue;
    // An alias (`npm:REAL@1`) is locked under its alias with its real name inside.
    const { version, name = folder } = value;
    if (typeof version !== 'string' || typeof name !== 'string') continue;
    found.set(place, { name, version, isDirect: direct.has(place) });
  }
  return ok(found);
}

/** Folder name of the package at a place; `null` for the repository itself and its workspaces. */
function packageAt(place: string): string | null {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place)?.[1] ?? null;
}

function readPackages(text: string): Fields | null {
  try {
    const document: unknown = JSON.parse(text);
    return isFields(document) && isFields(document.packages) ? document.packages : null;
  } catch {
    // No JSON: the caller says so.
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Places that the manifests of the repository and of its workspaces resolve to, by Node's rule: the nearest folder wins. */
function findDirect(entries: readonly (readonly [string, unknown])[], listed: Fields): ReadonlySet<string> {
  const direct = new Set<string>();
  for (const [folder, value] of entries) {
    if (/(^|\/)node_modules\//.test(folder) || !isFields(value)) continue;
    for (const field of [value.dependencies, value.optionalDependencies, value.peerDependencies]) {
      for (const name of isFields(field) ? Object.keys(field) : []) {
        const place = resolve(folder, name, listed);
        if (place !== null) direct.add(place);
      }
    }
  }
  return direct;
}

function resolve(folder: string, name: string, listed: Fields): string | null {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (Object.hasOwn(listed, place)) return place;
    if (at === '') return null;
  }
}
