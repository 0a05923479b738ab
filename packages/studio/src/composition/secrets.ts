import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { writeWhole } from '../config/write-whole.ts';
import { deriveSecret, type SigningKey, signingKey } from '../identity/keys.ts';

/** Everything secret of one studio; each is derived from one root that never leaves `keys/` in the data directory. */
export interface StudioSecrets {
  /** Signs the log's checkpoints and receipts. */
  readonly log: SigningKey;
  /** Signs the task catalogue. */
  readonly catalogue: SigningKey;
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
export function openSecrets(dataDirectory: string): StudioSecrets {
  const file = join(dataDirectory, 'keys', 'root.secret');
  mkdirSync(join(dataDirectory, 'keys'), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    if (existsSync(join(dataDirectory, 'public', 'log', 'checkpoint'))) {
      throw new Failure(
        'secret-missing',
        `${file} is gone, but this studio has signed its books with it: restore it from a backup.`,
      );
    }
    writeWhole(file, randomBytes(ROOT_BYTES), 0o600);
  }
  const root = readFileSync(file);
  if (root.length !== ROOT_BYTES)
    throw new Failure('secret-damaged', `${file} has not ${ROOT_BYTES} bytes: restore it from a backup.`);
  const operatorToken = Buffer.from(deriveSecret(root, 'operator token')).toString('hex');
  const tokenFile = join(dataDirectory, 'operator.token');
  // Written anew each time: a restored root has another token than the file beside it may say.
  writeWhole(tokenFile, `${operatorToken}\n`, 0o600);
  return {
    log: signingKey(deriveSecret(root, 'log')),
    catalogue: signingKey(deriveSecret(root, 'catalogue')),
    trustedHost: signingKey(deriveSecret(root, 'trusted host')),
    tokenKey: deriveSecret(root, 'join tokens'),
    evidence: deriveSecret(root, 'evidence'),
    checks: deriveSecret(root, 'checks'),
    operatorToken,
    roomKey: (room) => deriveSecret(root, `room/${room}`),
  };
}
