import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

const NEW_LINE = 0x0a;

/** The whole lines of a journal. What follows the last line end was torn by a crash or a full disk: nobody was told that it counts. */
export function readJournal(file: string): string {
  if (!existsSync(file)) return '';
  const bytes = readFileSync(file);
  return bytes.toString('utf8', 0, wholeBytes(bytes));
}

/** Adds a line that ends in a line end and brings it to the disk. A torn line before it is taken away, else both would be one. */
export function appendToJournal(file: string, line: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const whole = existsSync(file) ? wholeBytes(readFileSync(file)) : 0;
  const handle = openSync(file, 'a');
  try {
    ftruncateSync(handle, whole);
    const bytes = Buffer.from(line);
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function wholeBytes(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEW_LINE) + 1;
}
