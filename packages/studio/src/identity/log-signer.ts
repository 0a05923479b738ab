import type { Signer } from '@jamnet/ledger';
import type { SigningKey } from './keys.ts';

/** Name of the log until the studio has a public address: its URL without scheme. */
export const LOG_ORIGIN = 'jamnet.invalid/log';

/** A studio's key with the log's name. */
export function logSigner(key: SigningKey): Signer {
  return { name: LOG_ORIGIN, publicKey: key.publicKey, sign: key.sign };
}
