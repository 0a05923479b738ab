import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromHex } from '@jamnet/base';
import { CommandError, EXIT } from '../exit-codes.ts';

const SEED_BYTES = 32;

/** The witness's Ed25519 seed, made at the first start; readable by its owner only. */
export function openSeed(file: string): Uint8Array {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    // `wx`: two first starts at once must not leave two keys in use.
    writeFileSync(file, `${randomBytes(SEED_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const seed = fromHex(readFileSync(file, 'utf8').trim());
  if (seed?.length === SEED_BYTES) return seed;
  throw new CommandError('key-malformed', `${file} is no Ed25519 seed in 64 hex digits.`, EXIT.usage);
}
