import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { assert, canonicalJson, encodeUtf8, Failure } from '@jamnet/base';
import type { Destination } from '../../rails/payment.ts';

/** What only the payee and the studio may read. */
export interface PersonalData {
  readonly destination: Destination | null;
  readonly email: string | null;
  readonly birthDate: string | null;
  /** Tax number with its country, e.g. `DE 12345678901`. */
  readonly taxId: string | null;
}

/** A key from outside the database, 32 bytes, with a name that says which one sealed a record. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export const NO_DATA: PersonalData = { destination: null, email: null, birthDate: null, taxId: null };
/** AES-GCM: NIST SP 800-38D, 96-bit nonce drawn for each sealing, 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Random bytes inside what is sealed and hashed: without them a hash of an account number can be guessed. */
const SALT_BYTES = 16;

export interface Sealed {
  /** nonce ‖ tag ‖ ciphertext, base64. */
  readonly box: string;
  readonly keyId: string;
}

/** Encrypts for one payee: moved to another payee's record it does not open. */
export function seal(key: SealingKey, payee: string, data: PersonalData): Sealed {
  assert(key.bytes.length === 32, 'AES-256 takes 32 bytes');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(boundTo(payee));
  const body = Buffer.concat([cipher.update(JSON.stringify(data), 'utf8'), cipher.final()]);
  return { box: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64'), keyId: key.id };
}

/** Fails with `personal-data-unreadable` when the key is another one or a byte has changed. */
export function unseal(key: SealingKey, payee: string, { box, keyId }: Sealed): PersonalData {
  if (key.id !== keyId)
    throw new Failure('personal-data-unreadable', `The record was sealed with key ${keyId}, not ${key.id}.`);
  const bytes = Buffer.from(box, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE_BYTES)).setAAD(
    boundTo(payee),
  );
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8');
    return JSON.parse(text) as PersonalData; // authenticated: only `seal` can have written it
  } catch (cause) {
    throw new Failure('personal-data-unreadable', `The record of ${payee} does not open with key ${keyId}.`, {
      cause,
    });
  }
}

/** Commitment to a document: SHA-256(salt ‖ canonical JSON). Whoever destroys the salt makes it say nothing. */
export function commitTo(
  document: Readonly<Record<string, string | null>>,
  salt: Uint8Array = randomBytes(SALT_BYTES),
) {
  const evidence = createHash('sha256')
    .update(salt)
    .update(encodeUtf8(canonicalJson(document)))
    .digest('hex');
  return { evidence, saltHex: Buffer.from(salt).toString('hex') };
}

function boundTo(payee: string): Buffer {
  return Buffer.from(`jamnet/payee-data/v1\0${payee}`);
}
