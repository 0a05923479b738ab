import { mkdirSync } from 'node:fs';
import { CommandError, EXIT } from '../exit-codes.ts';

/** Why the system refused a file, and what to do, by its code (errno(3)). */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not: choose another place, or change who may',
  EEXIST: 'something of that name is there already: choose another name',
  EISDIR: 'it is a folder: name a file',
  ENOENT: 'it, or the folder it is in, is not there: check the path',
  ENOSPC: 'the disk is full: make room and run it again',
  ENOTDIR: 'a part of the path is a file: check the path',
  EROFS: 'the place is read-only: choose another',
};

/** A failure of the file system as a sentence about the file; `cannot` says what could not be done, as "be read". */
export function fileFault(file: string, cannot: string, cause: unknown): CommandError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : 'the system refused');
  const fault = cannot === 'be read' ? 'file-unreadable' : 'file-unwritable';
  return new CommandError(fault, `${file} cannot ${cannot}: ${reason}.`, EXIT.usage);
}

/** Makes a folder for files to come, or says why not. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileFault(folder, 'be made a folder', cause);
  }
}
