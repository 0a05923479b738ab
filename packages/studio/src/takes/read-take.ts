import { readFileSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { decodeTake, type Take } from '@jamnet/jdat';

/** Reads a JDAT take from disk. */
export function readTake(file: string): Take {
  const lines = readFileSync(file, 'utf8').split('\n');
  const decoded = decodeTake(lines.filter((line) => line !== ''));
  if (!decoded.ok) throw new Failure(decoded.code, `${file}: ${decoded.message}`);
  return decoded.value;
}
