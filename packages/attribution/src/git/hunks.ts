import { isUtf8 } from 'node:buffer';
import { type Hunk, parseHunks } from '../core/gate.ts';
import { readBlobs, readSizes, SOURCE_BYTES_MAX } from './blobs.ts';
import type { Repository } from './open-repository.ts';

/** A source file that a commit changed, with both texts as Latin-1, so that every byte survives. */
export interface ChangedFile {
  readonly path: string;
  readonly oldText: string;
  readonly newText: string;
  readonly hunks: readonly Hunk[];
  /** No file after the change: its one hunk, taken back, puts it back. */
  readonly isDeleted?: true;
}

/** Whether both texts are UTF-8, so that they can be cut by characters and joined again byte for byte. */
export function isTextual({ oldText, newText }: ChangedFile): boolean {
  return [oldText, newText].every((text) => isUtf8(Buffer.from(text, 'latin1')));
}

/** As Node reads a source file: bytes that are no UTF-8 become U+FFFD, a byte order mark goes. */
export function decoded(latin1: string): string {
  return new TextDecoder().decode(Buffer.from(latin1, 'latin1'));
}

/** More hunks in one file count as one: the gate then asks for the file as a whole. */
export const HUNKS_PER_FILE_MAX = 500;

/** From one commit to another; from nothing when `from` is `null`. */
export interface Change {
  readonly from: string | null;
  readonly to: string;
}

/** What a change did to files for which `isWanted`; moves and copies are compared with their origin. */
export async function readHunks(
  repository: Repository,
  { from, to }: Change,
  isWanted: (path: string) => boolean,
): Promise<ChangedFile[]> {
  const args = [
    'diff-tree',
    '-r',
    '--root',
    '-z',
    '--raw',
    '--no-abbrev',
    '-M',
    '-C',
    '--find-copies-harder',
    '--no-ext-diff',
  ];
  const said = await repository.run([...args, ...(from === null ? [to] : [from, to])]);
  const fields = said.toString('utf8').split('\0');
  const found: ChangedFile[] = [];
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? '';
    if (!field.startsWith(':')) continue;
    const [, mode = '', oldBlob = '', newBlob = '', status = ''] = field.split(' ');
    const oldPath = fields[i + 1] ?? '';
    i += /^[RC]/.test(status) ? 2 : 1;
    const path = fields[i] ?? '';
    // Also what moved away is gone from where others found it, and so is a file that became a link.
    const isGone = /^[DR]/.test(status) || (status === 'T' && !mode.startsWith('100'));
    if (isGone && field.startsWith(':100') && isWanted(oldPath)) {
      const deleted = await readDeleted(repository, oldPath, oldBlob);
      if (deleted !== null) found.push(deleted);
    }
    if (mode.startsWith('100') && isWanted(path)) {
      found.push(await readChange(repository, path, oldBlob, newBlob));
    }
  }
  return found;
}

/** `null` for a commit without parents. */
export async function firstParent(repository: Repository, commit: string): Promise<string | null> {
  const line = (await repository.run(['rev-list', '--parents', '-1', commit])).toString('latin1').trim();
  return line.split(' ')[1] ?? null;
}

/** `null`: nothing was in it, or more than a source file holds. */
async function readDeleted(repository: Repository, path: string, blob: string): Promise<ChangedFile | null> {
  const oldText = (await readTexts(repository, [blob])).get(blob) ?? '';
  if (oldText === '') return null;
  const hunk = { path, oldStart: 1, oldCount: countLines(oldText), newStart: 1, newCount: 1 };
  return { path, oldText, newText: '', hunks: [hunk], isDeleted: true };
}

async function readChange(
  repository: Repository,
  path: string,
  oldBlob: string,
  newBlob: string,
): Promise<ChangedFile> {
  const isNew = /^0+$/.test(oldBlob);
  const texts = await readTexts(repository, isNew ? [newBlob] : [oldBlob, newBlob]);
  const [oldText, newText] = [isNew ? '' : (texts.get(oldBlob) ?? ''), texts.get(newBlob) ?? ''];
  const whole: Hunk = {
    path,
    oldStart: 1,
    oldCount: countLines(oldText),
    newStart: 1,
    newCount: countLines(newText),
  };
  if (isNew || oldText === '')
    return { path, oldText, newText, hunks: [{ ...whole, oldCount: 0, oldStart: 0 }] };
  if (oldBlob === newBlob) return { path, oldText, newText, hunks: [] };
  const diff = await repository.run([
    'diff',
    '-U0',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    oldBlob,
    newBlob,
  ]);
  const hunks = parseHunks(diff.toString('latin1'), path);
  return { path, oldText, newText, hunks: hunks.length > HUNKS_PER_FILE_MAX ? [whole] : hunks };
}

function countLines(text: string): number {
  return text.split('\n').length;
}

async function readTexts(repository: Repository, blobs: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const sizes = await readSizes(repository, [...new Set(blobs)]);
  for (const [blob, size] of sizes) if (size > SOURCE_BYTES_MAX) sizes.delete(blob);
  await readBlobs(repository, sizes, (blob, bytes) => {
    texts.set(blob, bytes.toString('latin1'));
  });
  return texts;
}
