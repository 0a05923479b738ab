import { lstat, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';

export type LinkCode = 'node-modules-unusable';

/** Packages linked at most. */
export const PACKAGES_MAX = 20_000;

interface LinkInput {
  /** Exported tree on this machine. */
  readonly tree: string;
  /** Existing `node_modules` on this machine, and where the workload will see it. */
  readonly nodeModules: string | null;
  readonly nodeModulesInView: string | null;
}

/**
 * Builds `node_modules` in an exported tree as a folder of links: npm workspaces point into the export itself (so the code
 * that runs is the commit's), everything else to the third-party packages given. A package that is linked into a checkout
 * from there is left out: it would smuggle live code into the replay.
 */
export async function linkPackages(input: LinkInput): Promise<Result<ReadonlyMap<string, string>, LinkCode>> {
  const { tree, nodeModules } = input;
  if (nodeModules !== null && !(await isNodeModules(nodeModules))) {
    return refuse(
      'node-modules-unusable',
      `${nodeModules} is no folder named node_modules: give the one npm made.`,
    );
  }
  const home = join(tree, 'node_modules');
  const workspaces = await findWorkspaces(tree);
  if (await exists(home)) return ok(workspaces);
  const links = new Map<string, string>();
  for (const [name, folder] of workspaces)
    links.set(name, relative(dirname(join(home, name)), join(tree, folder)));
  for (const name of nodeModules === null ? [] : await listPackages(nodeModules)) {
    if (!links.has(name)) links.set(name, join(input.nodeModulesInView ?? '', name));
  }
  for (const [name, target] of links) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await symlink(target, join(home, name));
  }
  return ok(workspaces);
}

async function isNodeModules(path: string): Promise<boolean> {
  return basename(path) === 'node_modules' && (await stat(path).catch(() => null))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

/** Real folders of a `node_modules`, scoped ones as `@scope/name`; links are workspaces of some checkout. */
async function listPackages(nodeModules: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(nodeModules, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    if (!entry.name.startsWith('@')) names.push(entry.name);
    else {
      const scoped = await readdir(join(nodeModules, entry.name), { withFileTypes: true });
      names.push(
        ...scoped.filter((inner) => inner.isDirectory()).map((inner) => `${entry.name}/${inner.name}`),
      );
    }
  }
  return names.sort().slice(0, PACKAGES_MAX);
}

/** Package name → folder of each npm workspace the tree declares (`dir` and `dir/*` patterns). */
async function findWorkspaces(tree: string): Promise<ReadonlyMap<string, string>> {
  const root = await readManifest(tree);
  const patterns = Array.isArray(root?.workspaces) ? root.workspaces : [];
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    if (typeof pattern !== 'string' || pattern.split('/').includes('..')) continue;
    const folders = pattern.endsWith('/*') ? await subfolders(tree, pattern.slice(0, -2)) : [pattern];
    for (const folder of folders) {
      const name = (await readManifest(join(tree, folder)))?.name;
      if (typeof name === 'string' && isPackageName(name) && found.size < PACKAGES_MAX)
        found.set(name, folder);
    }
  }
  return found;
}

async function subfolders(tree: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(tree, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort();
}

async function readManifest(folder: string): Promise<{ name?: unknown; workspaces?: unknown } | null> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return typeof value === 'object' ? value : null;
  } catch {
    // No manifest, or one that is no JSON: the folder is no workspace.
    return null;
  }
}

function isPackageName(name: string): boolean {
  return /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/i.test(name);
}
