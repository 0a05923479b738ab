import { lstat, mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSafePath } from '../git/export.ts';

/**
 * Files that a tree held before and has no more, put back into it and taken away again. The tree is hostile: nothing is written
 * through a link, and where a folder, or a file in place of a folder, took the name, the file stays lost.
 */
export class LostFiles {
  readonly #tree: string;
  /** What the link says that stands where a file was. */
  readonly #links = new Map<string, string>();
  readonly #put = new Set<string>();

  constructor(tree: string) {
    this.#tree = tree;
  }

  /** `null` leaves the tree as the commit holds it. */
  async write(path: string, bytes: Uint8Array | null): Promise<void> {
    const at = join(this.#tree, path);
    if (bytes !== null) {
      if (!this.#put.has(path) && !(await this.#makeRoom(path))) return;
      await writeFile(at, bytes);
      this.#put.add(path);
      return;
    }
    if (!this.#put.delete(path)) return;
    await rm(at);
    const target = this.#links.get(path);
    if (target !== undefined) await symlink(target, at);
  }

  /** Whether the file may be written: its folders are folders, and nothing but a link stands in its place. */
  async #makeRoom(path: string): Promise<boolean> {
    if (!isSafePath(path)) return false;
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = join(this.#tree, ...parts.slice(0, depth));
      const found = await statOf(folder);
      if (found === null) await mkdir(folder);
      else if (!found.isDirectory()) return false;
    }
    const at = join(this.#tree, path);
    const found = await statOf(at);
    if (found?.isSymbolicLink() === true) {
      this.#links.set(path, await readlink(at));
      await rm(at);
      return true;
    }
    return found === null;
  }
}

function statOf(path: string) {
  return lstat(path).catch(() => null);
}
