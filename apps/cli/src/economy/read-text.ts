import { readFileSync } from 'node:fs';
import { CommandError, EXIT } from '../exit-codes.ts';

/** A file named on the command line; `-` is the standard input. */
export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    throw new CommandError('file-unreadable', `${path} ${whyUnreadable(cause)}`, EXIT.usage);
  }
}

function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'is not there: check the path.';
  if (code === 'EISDIR') return 'is a folder: name the file in it.';
  if (code === 'EACCES') return 'may not be read by you: change its rights, or read it as its owner.';
  return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
}

export function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path));
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new CommandError('file-unreadable', `${path} is no JSON: ${why}`, EXIT.usage);
  }
}
