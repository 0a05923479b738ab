import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, fromHex } from '@jamnet/base';
import { type NodeKey, nodeKeyFromSeed } from './platform-crypto.ts';

/** The seed in a file of the owner's alone; a new one is drawn when the file is missing. */
export function seedFromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw new Failure('key-unreadable', `The key file ${path} cannot be read.`, { cause: error });
    }
  }
  mkdirSync(dirname(path), { recursive: true });
  const seed = randomBytes(32).toString('hex');
  writeFileSync(path, `${seed}\n`, { mode: 0o600, flag: 'wx' });
  return seed;
}

/** The pseudonym under which a key is paid: `p` and the first 16 bytes of SHA-256(domain ‖ public key). */
export function payeeOf(key: NodeKey): string {
  const publicKey = fromHex(key.publicKey) ?? new Uint8Array();
  const hash = createHash('sha256').update('jamnet/payee/v1').update(publicKey);
  return `p${hash.digest('hex').slice(0, 32)}`;
}

export function openNodeKey(options: {
  seedHex?: string | undefined;
  keyFile?: string | undefined;
}): NodeKey & { seedHex: string } {
  const seedHex = options.seedHex ?? (options.keyFile ? seedFromFile(options.keyFile) : null);
  if (!seedHex) throw new Failure('key-missing', 'Give the node a key: seedHex, or keyFile to keep one in.');
  return { ...nodeKeyFromSeed(seedHex), seedHex };
}
