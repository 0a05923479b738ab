import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** An answer as it went out. */
export interface KeptAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * An answer sealed with the request's own key, which the studio does not keep: claim codes and personal data that were told once
 * cannot be read out of the table.
 */
export function sealAnswer(scope: string, key: string, answer: KeptAnswer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(scope, key), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Throws where the box was not sealed with this key. */
export function unsealAnswer(scope: string, key: string, box: string): KeptAnswer {
  const bytes = Buffer.from(box, 'base64');
  const decipher = createDecipheriv(CIPHER, sealingKey(scope, key), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8');
  // Only `sealAnswer` makes what this key opens.
  return JSON.parse(text + decipher.final('utf8')) as KeptAnswer;
}

/** Under which a key is found again; the key does not follow from it. */
export function keyName(scope: string, key: string): string {
  return createHash('sha256').update(`jamnet/idempotency/v1\0${scope}\0${key}`).digest('hex');
}

function sealingKey(scope: string, key: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, scope, 'jamnet/idempotency/answer/v1', 32));
}
