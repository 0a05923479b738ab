import { createPrivateKey } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '@jamnet/base';
import { makePlayerKeys, type PlayerKeys } from './node-identity.ts';

const PEM_BLOCK = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;
/** Read or write by group or others. */
const OPEN_BITS = 0o077;

/**
 * The player's keys from a file of two PEM blocks (PKCS #8, RFC 5958; X25519 and Ed25519), made where there is none and
 * readable by its owner alone. Two processes that make it at once end with the same keys.
 */
export function loadPlayerKeys(file: string): PlayerKeys {
  return readKeys(file) ?? makeKeys(file);
}

function makeKeys(file: string): PlayerKeys {
  const { agreement, signing } = makePlayerKeys();
  const text = [agreement, signing].map((key) => key.export({ type: 'pkcs8', format: 'pem' })).join('');
  const fresh = `${file}.${process.pid}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
    try {
      // Fails where another process was quicker; what it wrote then counts.
      linkSync(fresh, file);
    } finally {
      rmSync(fresh, { force: true });
    }
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST')
      throw new Failure('keys-unwritable', `Cannot write ${file}: name a directory of your own.`, { cause });
  }
  const keys = readKeys(file);
  if (keys === null) throw new Failure('keys-unreadable', `${file} vanished as it was made: try again.`);
  return keys;
}

/** `null` when there is no such file. */
function readKeys(file: string): PlayerKeys | null {
  const text = ownText(file);
  if (text === null) return null;
  try {
    const keys = (text.match(PEM_BLOCK) ?? []).map((block) => createPrivateKey(block));
    const agreement = keys.find((key) => key.asymmetricKeyType === 'x25519');
    const signing = keys.find((key) => key.asymmetricKeyType === 'ed25519');
    if (agreement !== undefined && signing !== undefined) return { agreement, signing };
  } catch (cause) {
    throw malformed(file, cause);
  }
  throw malformed(file);
}

function ownText(file: string): string | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new Failure('keys-unreadable', `Cannot read ${file}: it must belong to you.`, { cause });
  }
  try {
    const isOpen = process.platform !== 'win32' && (fstatSync(descriptor).mode & OPEN_BITS) !== 0;
    if (isOpen)
      throw new Failure(
        'keys-open',
        `Others can read ${file}, so they can speak in your name: delete it for new keys, or "chmod 600" it if nobody did.`,
      );
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function malformed(file: string, cause?: unknown): Failure {
  const message = `${file} holds no X25519 and Ed25519 keys: move it away, and new ones are made.`;
  return new Failure('keys-malformed', message, { cause });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
