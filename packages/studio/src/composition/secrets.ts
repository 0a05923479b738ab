import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import type { KeyHandOver } from '@jamnet/mesh';
import { writeWhole } from '../config/write-whole.ts';
import { type RingPurpose, readRing, readSeed } from '../identity/key-ring.ts';
import { deriveSecret, type SigningKey, signingKey } from '../identity/keys.ts';

/**
 * Everything secret of one studio: derived from one root that never leaves `keys/` in the data directory, but for keys that were changed
 * since, whose seeds lie beside it.
 */
export interface StudioSecrets {
  /** Signs the log's checkpoints and receipts. */
  readonly log: SigningKey;
  /** Earlier keys of the log that still sign beside it, newest first. */
  readonly logBesides: readonly SigningKey[];
  /** How the log came from key to key: signed notes, oldest first. */
  readonly logKeyChanges: readonly string[];
  /** Signs the task catalogue. */
  readonly catalogue: SigningKey;
  /** How the catalogue came from key to key, oldest first. */
  readonly catalogueHandOvers: readonly KeyHandOver[];
  /** The studio's own, trusted host. */
  readonly trustedHost: SigningKey;
  /** Shared with relays: makes join tokens. */
  readonly tokenKey: Uint8Array;
  /** Salts of evidence. */
  readonly evidence: Uint8Array;
  /** Chance of spot checks: hosts must not foresee it. */
  readonly checks: Uint8Array;
  /** What state-changing requests must carry. */
  readonly operatorToken: string;
  roomKey(room: string): Uint8Array;
}

const ROOT_BYTES = 32;

/** Reads the root secret, or makes one at the first start; readable by its owner only. */
export function openSecrets(dataDirectory: string, rootHex?: string): StudioSecrets {
  const file = join(dataDirectory, 'keys', 'root.secret');
  mkdirSync(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    if (rootHex === undefined && existsSync(join(dataDirectory, 'public', 'log', 'checkpoint'))) {
      throw new Failure(
        'secret-missing',
        `${file} is gone, but this studio has signed its books with it: restore it from a backup.`,
      );
    }
    writeWhole(file, rootHex === undefined ? randomBytes(ROOT_BYTES) : Buffer.from(rootHex, 'hex'), 0o600);
  }
  const root = readFileSync(file);
  if (root.length !== ROOT_BYTES)
    throw new Failure('secret-damaged', `${file} has not ${ROOT_BYTES} bytes: restore it from a backup.`);
  if (rootHex !== undefined && root.toString('hex') !== rootHex)
    throw new Failure(
      'secret-differs',
      `${file} is another secret than JAMNET_ROOT_SECRET: name the one that this studio began with, or another --data directory.`,
    );
  const operatorToken = Buffer.from(deriveSecret(root, 'operator token')).toString('hex');
  const tokenFile = join(dataDirectory, 'operator.token');
  // Written anew each time: a restored root has another token than the file beside it may say.
  writeWhole(tokenFile, `${operatorToken}\n`, 0o600);
  const ring = readRing(dataDirectory);
  const key = (purpose: RingPurpose, generation: number): SigningKey =>
    signingKey(generation === 1 ? deriveSecret(root, purpose) : readSeed(dataDirectory, purpose, generation));
  return {
    log: key('log', ring.log.generation),
    logBesides: ring.log.besides.map((generation) => key('log', generation)),
    logKeyChanges: ring.log.changes,
    catalogue: key('catalogue', ring.catalogue.generation),
    // Written by ourselves, beside the seeds.
    catalogueHandOvers: ring.catalogue.changes.map((change) => JSON.parse(change) as KeyHandOver),
    trustedHost: signingKey(deriveSecret(root, 'trusted host')),
    tokenKey: deriveSecret(root, 'join tokens'),
    evidence: deriveSecret(root, 'evidence'),
    checks: deriveSecret(root, 'checks'),
    operatorToken,
    roomKey: (room) => deriveSecret(root, `room/${room}`),
  };
}
