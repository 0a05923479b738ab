import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';

/** Bots named for one repository at most. */
export const BOTS_MAX = 1000;

/** Repositories mirrored at most. */
export const REPOSITORIES_MAX = 100;

export type RepositoriesCode = 'repositories-malformed';

/** A repository whose code earns here. */
export interface MirroredRepository {
  /** `host/owner/name`, in lower case, as forges' events name it. */
  readonly repository: string;
  /** Where it is fetched from: https, ssh or an absolute path. */
  readonly address: string;
  readonly branch: string;
  /** Path of a workload pinned by curators; `null`: ownership only, nothing earns. */
  readonly workloadFile: string | null;
  /** Folder named `node_modules` with the third-party packages of a replay; `null`: it has none. */
  readonly modulesDirectory: string | null;
  /** Names or addresses of bots, which earn nothing; marks ending in `[bot]` need no entry. */
  readonly bots: readonly string[];
}

const EXAMPLE =
  '[{"repository": "codeberg.org/ada/mill", "address": "https://codeberg.org/ada/mill.git", "branch": "main"}]';

/** Reads `code/repositories.json`; an absent file is an empty list. Read anew each time, so a change needs no restart. */
export function readRepositories(
  dataDirectory: string,
): Result<readonly MirroredRepository[], RepositoriesCode> {
  const file = join(dataDirectory, 'code', 'repositories.json');
  return existsSync(file) ? parseRepositories(readFileSync(file, 'utf8'), file) : ok([]);
}

export function parseRepositories(
  text: string,
  file: string,
): Result<readonly MirroredRepository[], RepositoriesCode> {
  const no = (what: string): Result<readonly MirroredRepository[], RepositoriesCode> =>
    refuse('repositories-malformed', `${file} ${what}; write ${EXAMPLE}.`);
  const rows = parse(text);
  if (!Array.isArray(rows)) return no('is no JSON list');
  if (rows.length > REPOSITORIES_MAX) return no(`lists more than ${REPOSITORIES_MAX} repositories`);
  const found: MirroredRepository[] = [];
  for (const [index, row] of rows.entries()) {
    const one = readRow(row);
    if (one === null) return no(`has a malformed entry ${index + 1}`);
    if (found.some(({ repository }) => slugOf(repository) === slugOf(one.repository)))
      return no(`names ${one.repository} twice`);
    found.push(one);
  }
  return ok(found);
}

/** Name of a repository in addresses of pages and on the disk. */
export function slugOf(repository: string): string {
  return repository.toLowerCase().replace(/[^a-z0-9._]+/g, '-');
}

/** Where a repository's mirror lies. */
export function mirrorDirectory(dataDirectory: string, repository: string): string {
  return join(dataDirectory, 'code', 'mirrors', `${slugOf(repository)}.git`);
}

function readRow(row: unknown): MirroredRepository | null {
  if (typeof row !== 'object' || row === null) return null;
  // Any object may be read by name; each field is checked below.
  const {
    repository,
    address,
    branch = 'main',
    workload = null,
    modules = null,
    bots = [],
  } = row as Record<string, unknown>;
  if (typeof repository !== 'string' || !/^[a-z0-9.-]+(\/[a-z0-9._~-]+){2,8}$/.test(repository)) return null;
  if (typeof address !== 'string' || typeof branch !== 'string') return null;
  if (workload !== null && typeof workload !== 'string') return null;
  if (modules !== null && typeof modules !== 'string') return null;
  if (!Array.isArray(bots) || bots.length > BOTS_MAX) return null;
  const botList = bots.filter((bot: unknown) => typeof bot === 'string');
  if (botList.length !== bots.length) return null;
  return { repository, address, branch, workloadFile: workload, modulesDirectory: modules, bots: botList };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No JSON, which the caller says.
    return null;
  }
}
