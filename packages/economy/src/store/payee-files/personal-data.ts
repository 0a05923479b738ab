import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { assert, type CanonicalValue, canonicalJson, encodeUtf8, Failure } from '@jamnet/base';
import type { Destination, PostalAddress } from '../../rails/payment.ts';

/** A payee's own word on his taxes. */
export interface TaxForm {
  readonly form: 'W-9' | 'W-8BEN' | 'W-8BEN-E' | 'DAC7';
  /** ISO 3166-1 alpha-2, where he is taxed. */
  readonly country: string;
  readonly taxId: string;
  /** `YYYY-MM-DD`. */
  readonly signedOn: string;
}

/** What only the payee and the studio may read. */
export interface PersonalData {
  readonly legalName: string | null;
  readonly email: string | null;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly address: PostalAddress | null;
  readonly destination: Destination | null;
  readonly tax: TaxForm | null;
}

/** A key from outside the database, 32 bytes, with a name that says which one sealed a record. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export const NO_DATA: PersonalData = {
  legalName: null,
  email: null,
  birthDate: null,
  address: null,
  destination: null,
  tax: null,
};
/** AES-GCM: NIST SP 800-38D, 96-bit nonce drawn for each sealing, 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Random bytes inside what is sealed and hashed: without them a hash of an account number can be guessed. */
const SALT_BYTES = 16;

/** What is sealed: the data, and the salts of what was committed to of it, so that both go together. */
export interface SealedData {
  readonly data: PersonalData;
  readonly salts: Readonly<Record<string, string>>;
}

export interface Sealed {
  /** nonce ‖ tag ‖ ciphertext, base64. */
  readonly box: string;
  readonly keyId: string;
}

/** Encrypts for one payee: moved to another payee's record it does not open. */
export function seal(key: SealingKey, payee: string, data: SealedData): Sealed {
  assert(key.bytes.length === 32, 'AES-256 takes 32 bytes');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(boundTo(payee));
  const body = Buffer.concat([cipher.update(JSON.stringify(data), 'utf8'), cipher.final()]);
  return { box: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64'), keyId: key.id };
}

/** Fails with `personal-data-unreadable` when the key is another one or a byte has changed. */
export function unseal(key: SealingKey, payee: string, { box, keyId }: Sealed): SealedData {
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
    return JSON.parse(text) as SealedData; // authenticated: only `seal` can have written it
  } catch (cause) {
    throw new Failure('personal-data-unreadable', `The record of ${payee} does not open with key ${keyId}.`, {
      cause,
    });
  }
}

/** Commitment to a document: SHA-256(salt ‖ canonical JSON). Whoever destroys the salt makes it say nothing. */
export function commitTo(document: CanonicalValue, salt: Uint8Array = randomBytes(SALT_BYTES)) {
  const evidence = createHash('sha256')
    .update(salt)
    .update(encodeUtf8(canonicalJson(document)))
    .digest('hex');
  return { evidence, saltHex: Buffer.from(salt).toString('hex') };
}

function boundTo(payee: string): Buffer {
  return Buffer.from(`jamnet/payee-data/v1\0${payee}`);
}
