import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse, toHex } from '@jamnet/base';
import { KEY_CHANGES_MAX, signKeyChange, verifyCheckpoint, vkeyOf } from '@jamnet/ledger';
import { KEY_HAND_OVERS_MAX, signHandOver } from '@jamnet/mesh';
import { PUBLIC } from '../books/public-layout.ts';
import { openSecrets, type StudioSecrets } from '../composition/secrets.ts';
import { lockDirectory } from '../config/directory-lock.ts';
import { writeWhole } from '../config/write-whole.ts';
import {
  KEYS_BESIDE_MAX,
  type KeyRing,
  RING_FILE,
  RING_PURPOSES,
  type RingPurpose,
  readRing,
  SEED_BYTES,
  seedFile,
} from './key-ring.ts';
import { type SigningKey, signingKey } from './keys.ts';
import { logSigner } from './log-signer.ts';

export type ChangeKeysCode =
  | 'data-directory-missing'
  | 'data-directory-in-use'
  | 'data-directory-unusable'
  | 'log-key-unused'
  | 'keys-unretired'
  | 'key-changes-full'
  | 'nothing-to-retire';

/** The keys of one purpose as others see them: a vkey for the log, hex for the catalogue. */
export interface KeyState {
  readonly purpose: RingPurpose;
  readonly generation: number;
  readonly publicKey: string;
  /** Public keys that still sign beside it, newest first. */
  readonly besides: readonly string[];
}

/** Readers walk through no more. */
const CHANGES_MAX: Readonly<Record<RingPurpose, number>> = {
  log: KEY_CHANGES_MAX,
  catalogue: KEY_HAND_OVERS_MAX,
};

/** What signs now. */
export function listKeys(dataDirectory: string): Result<readonly KeyState[], ChangeKeysCode> {
  if (!existsSync(join(dataDirectory, 'keys'))) return noStudio(dataDirectory);
  const secrets = openSecrets(dataDirectory);
  return ok(RING_PURPOSES.map((purpose) => stateOf(secrets, readRing(dataDirectory), purpose)));
}

/**
 * Makes a key for one purpose and lets it sign from the studio's next start on. The log's old key hands on to it in a signed note, and
 * signs beside it until {@link retireKeys}. The studio must not run: two processes would sign with different keys.
 */
export function rotateKey(
  dataDirectory: string,
  purpose: RingPurpose,
  nowUs: bigint,
): Result<KeyState, ChangeKeysCode> {
  return alone(dataDirectory, () => {
    const secrets = openSecrets(dataDirectory);
    const ring = readRing(dataDirectory);
    const { generation, besides, changes } = ring[purpose];
    if (besides.length >= KEYS_BESIDE_MAX)
      return refuse(
        'keys-unretired',
        `${KEYS_BESIDE_MAX} earlier keys still sign: run "jamnet keys retire ${purpose}" first.`,
      );
    const seed = randomBytes(SEED_BYTES);
    const next = signingKey(seed);
    if (changes.length >= CHANGES_MAX[purpose])
      return refuse('key-changes-full', `A studio changes this key at most ${CHANGES_MAX[purpose]} times.`);
    const change =
      purpose === 'log'
        ? logChange(dataDirectory, secrets, next, nowUs)
        : ok(JSON.stringify(signHandOver(secrets.catalogue.seed, toHex(next.publicKey))));
    if (!change.ok) return change;
    // The seed first: a ring never names a key that is not there.
    writeWhole(join(dataDirectory, 'keys', seedFile(purpose, generation + 1)), seed, 0o600);
    const after = {
      generation: generation + 1,
      besides: purpose === 'log' ? [generation, ...besides] : [],
      changes: [...changes, change.value],
    };
    writeRing(dataDirectory, { ...ring, [purpose]: after });
    if (purpose === 'catalogue') destroySeeds(dataDirectory, purpose, [generation]);
    return ok(stateOf(openSecrets(dataDirectory), readRing(dataDirectory), purpose));
  });
}

/** Earlier keys sign no more, and their seeds are destroyed; the first was derived from the root secret and stays derivable. */
export function retireKeys(dataDirectory: string, purpose: RingPurpose): Result<KeyState, ChangeKeysCode> {
  return alone(dataDirectory, () => {
    const ring = readRing(dataDirectory);
    const { besides } = ring[purpose];
    if (besides.length === 0)
      return refuse(
        'nothing-to-retire',
        `Only the newest key signs for ${purpose}: there is nothing to retire.`,
      );
    const secrets = openSecrets(dataDirectory);
    // Without the new key's signature under it the log could not be opened any more.
    if (purpose === 'log' && publishedSize(dataDirectory, vkeyOf(logSigner(secrets.log))) === null)
      return refuse(
        'log-key-unused',
        'The new key has signed nothing yet: start the studio once, then retire.',
      );
    writeRing(dataDirectory, { ...ring, [purpose]: { ...ring[purpose], besides: [] } });
    destroySeeds(dataDirectory, purpose, besides);
    return ok(stateOf(openSecrets(dataDirectory), readRing(dataDirectory), purpose));
  });
}

/** Of the first key there is no file. */
function destroySeeds(dataDirectory: string, purpose: RingPurpose, generations: readonly number[]): void {
  for (const generation of generations)
    rmSync(join(dataDirectory, 'keys', seedFile(purpose, generation)), { force: true });
}

function logChange(
  dataDirectory: string,
  secrets: StudioSecrets,
  next: SigningKey,
  nowUs: bigint,
): Result<string, ChangeKeysCode> {
  const from = logSigner(secrets.log);
  const size = publishedSize(dataDirectory, vkeyOf(from));
  if (size === null)
    return refuse(
      'log-key-unused',
      'The log has no checkpoint by its key yet: start the studio once, then rotate.',
    );
  return ok(signKeyChange(from, logSigner(next), size, nowUs));
}

/** Leaves of the published checkpoint, if this key signed it. */
function publishedSize(dataDirectory: string, vkey: string): bigint | null {
  const file = join(dataDirectory, 'public', PUBLIC.log, 'checkpoint');
  if (!existsSync(file)) return null;
  const checkpoint = verifyCheckpoint(readFileSync(file), vkey);
  return checkpoint.ok ? checkpoint.value.size : null;
}

function stateOf(secrets: StudioSecrets, ring: KeyRing, purpose: RingPurpose): KeyState {
  const { generation } = ring[purpose];
  if (purpose === 'catalogue') {
    const publicKey = toHex(secrets.catalogue.publicKey);
    return { purpose, generation, publicKey, besides: [] };
  }
  const besides = secrets.logBesides.map((key) => vkeyOf(logSigner(key)));
  return { purpose, generation, publicKey: vkeyOf(logSigner(secrets.log)), besides };
}

function writeRing(dataDirectory: string, ring: KeyRing): void {
  writeWhole(join(dataDirectory, 'keys', RING_FILE), `${JSON.stringify(ring, null, 1)}\n`, 0o600);
}

function alone<T>(dataDirectory: string, work: () => Result<T, ChangeKeysCode>): Result<T, ChangeKeysCode> {
  if (!existsSync(join(dataDirectory, 'keys'))) return noStudio(dataDirectory);
  const lock = lockDirectory(dataDirectory);
  if (!lock.ok) return lock;
  try {
    return work();
  } finally {
    lock.value.release();
  }
}

function noStudio(dataDirectory: string): Result<never, 'data-directory-missing'> {
  return refuse(
    'data-directory-missing',
    `There is no studio in ${dataDirectory}: name its --data directory.`,
  );
}
