import { completeRemoval } from './core/complete-removal.ts';
import { takeBack } from './core/gate.ts';
import { dialectOf } from './core/statement.ts';
import { type ChangedFile, decoded } from './git/hunks.ts';
import { isProgram } from './parse/is-program.ts';
import type { Stage } from './use/stage.ts';

/** Writes every changed file as it is without the hunks taken; with none taken, as the commit holds it. */
export async function writeWithout(
  stage: Stage,
  files: readonly ChangedFile[],
  taken: ReadonlySet<number>,
): Promise<void> {
  for (const { file, own } of byFile(files, taken))
    await write(stage, file, textWithout(file, await completed(file, own)));
}

/** Writes every changed file with the text given for it; byte for byte as the change left it where the text is the same. */
export async function writeTexts(
  stage: Stage,
  files: readonly ChangedFile[],
  texts: readonly string[],
): Promise<void> {
  for (const [index, file] of files.entries()) {
    const text = texts[index] ?? '';
    const isSame = text === decoded(file.newText);
    await write(stage, file, isSame ? Buffer.from(file.newText, 'latin1') : Buffer.from(text));
  }
}

async function write(stage: Stage, { path, isDeleted }: ChangedFile, bytes: Uint8Array): Promise<void> {
  if (isDeleted) await stage.putBack(path, bytes.length === 0 ? null : bytes);
  else await stage.write(path, bytes);
}

/** The hunks taken and those that go with them. */
export async function allTaken(
  files: readonly ChangedFile[],
  taken: ReadonlySet<number>,
): Promise<ReadonlySet<number>> {
  const all = new Set<number>();
  for (const { file, own, first } of byFile(files, taken))
    for (const index of await completed(file, own)) all.add(first + index);
  return all;
}

/** Of each file the hunks taken, numbered in it. */
function byFile(files: readonly ChangedFile[], taken: ReadonlySet<number>) {
  let next = 0;
  return files.map((file) => {
    const first = next;
    next += file.hunks.length;
    return { file, first, own: new Set([...file.hunks.keys()].filter((index) => taken.has(first + index))) };
  });
}

/** With the hunks that must go as well for the file to be a program. */
async function completed(file: ChangedFile, own: ReadonlySet<number>): Promise<ReadonlySet<number>> {
  const dialect = dialectOf(file.path);
  if (dialect === null || own.size === 0) return own;
  const isProgramWithout = (removed: ReadonlySet<number>): Promise<boolean> =>
    isProgram(new TextDecoder().decode(textWithout(file, removed)), dialect);
  return (await isProgramWithout(new Set()))
    ? completeRemoval(file.hunks.length, own, isProgramWithout)
    : own;
}

function textWithout({ oldText, newText, hunks }: ChangedFile, removed: ReadonlySet<number>): Buffer {
  const taken = hunks.filter((_, index) => removed.has(index));
  return Buffer.from(takeBack(oldText, newText, taken), 'latin1');
}
