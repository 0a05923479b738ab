import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { groupBy } from '../core/group-by.ts';
import { readBlobs, readSizes } from './blobs.ts';
import { isRegularFile, type TreeFile } from './history.ts';
import type { Repository } from './open-repository.ts';

/** Bytes written at most for one export. */
export const EXPORT_BYTES_MAX = 2 ** 30;

/** Paths of the plain files that were written. */
export type ExportOutcome = ReadonlySet<string> | 'too-large';

/**
 * Writes the files of a tree as they are stored under `directory`: no filters, no line-end conversion, no attributes, so the
 * same commit gives the same bytes everywhere. Links whose own text points out of the tree, paths that would leave it and names
 * that the file system does not hold are left out; a link that goes through other links can still lead out.
 */
export async function exportFiles(
  repository: Repository,
  files: readonly TreeFile[],
  directory: string,
): Promise<ExportOutcome> {
  const wanted = files.filter(
    (file) => isSafePath(file.path) && (isRegularFile(file.mode) || file.mode === LINK),
  );
  const sizes = await readSizes(repository, [...new Set(wanted.map((file) => file.blob))]);
  let total = 0;
  for (const file of wanted) total += sizes.get(file.blob) ?? 0;
  if (total > EXPORT_BYTES_MAX) return 'too-large';
  for (const folder of new Set(wanted.map((file) => dirname(file.path)))) {
    await leftOut(mkdir(join(directory, folder), { recursive: true }));
  }
  const written = new Set<string>();
  const byBlob = groupBy(wanted, (file) => file.blob);
  const links: { at: string; target: string }[] = [];
  await readBlobs(repository, sizes, async (blob, bytes) => {
    for (const file of byBlob.get(blob) ?? []) {
      if (file.mode === LINK) links.push({ at: file.path, target: bytes.toString('utf8') });
      else {
        const mode = file.mode === '100755' ? 0o755 : 0o644;
        if (!(await leftOut(writeFile(join(directory, file.path), bytes, { mode })))) written.add(file.path);
      }
    }
  });
  for (const link of links)
    if (staysInside(link)) await leftOut(symlink(link.target, join(directory, link.at)));
  return written;
}

/** A name too long, taken by a folder or by a file, a parent that could not be made, a link to nothing. */
const UNWRITABLE = new Set([
  'ENAMETOOLONG',
  'EISDIR',
  'ENOTDIR',
  'EEXIST',
  'ENOENT',
  'ERR_INVALID_ARG_VALUE',
]);

/** Whether an entry of a hostile tree could not be written for what its name is; other failures are thrown. */
async function leftOut(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && UNWRITABLE.has(String(error.code))) return true;
    throw error;
  }
}

const LINK = '120000';

/** Trees are hostile input: no `..`, no `.git`, no absolute or empty part. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}

function staysInside(link: { at: string; target: string }): boolean {
  return !link.target.startsWith('/') && !normalize(join(dirname(link.at), link.target)).startsWith('..');
}
