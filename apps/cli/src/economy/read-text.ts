import { readFileSync } from 'node:fs';
import { CommandError, EXIT } from '../exit-codes.ts';

/** A file named on the command line; `-` is the standard input. */
export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new CommandError('file-unreadable', `${path}: ${why}`, EXIT.usage);
  }
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
