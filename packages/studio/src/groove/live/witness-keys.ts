import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { parseVerifierKey } from '@jamnet/ledger';

/** One verifier key (C2SP vkey) a line, in the data directory; `#` begins a remark. */
export const WITNESS_FILE = 'witnesses';
const WITNESSES_MAX = 32;

/** The witnesses whose cosignatures this studio counts; without the file none. Throws `witness-malformed`. */
export function witnessKeys(dataDirectory: string): readonly string[] {
  const file = join(dataDirectory, WITNESS_FILE);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const keys = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  for (const key of keys)
    if (!parseVerifierKey(key).ok)
      throw new Failure(
        'witness-malformed',
        `${file}: "${key.slice(0, 60)}" is no verifier key: "jamnet ledger witness" prints one, NAME+8 hex digits+Base64.`,
      );
  if (keys.length > WITNESSES_MAX)
    throw new Failure('witness-malformed', `${file}: at most ${WITNESSES_MAX} witnesses.`);
  return keys;
}
