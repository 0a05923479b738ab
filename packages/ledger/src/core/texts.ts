import { CODE_LENGTH_MAX, KEY_LENGTH_MAX, KIND_LENGTH_MAX } from './requests.ts';

/** Character sets of the published texts: ASCII only, so that bytes, order and length are the same everywhere. */
export const KEY_PATTERN = /^[!-~]+$/;
export const CODE_PATTERN = /^[A-Za-z0-9:._-]+$/;
export const KIND_PATTERN = /^[a-z][a-z0-9._/-]*$/;
const HASH_PATTERN = /^[0-9a-f]{64}$/;

export function isKey(text: unknown): text is string {
  return typeof text === 'string' && text.length <= KEY_LENGTH_MAX && KEY_PATTERN.test(text);
}

export function isCode(text: unknown): text is string {
  return typeof text === 'string' && text.length <= CODE_LENGTH_MAX && CODE_PATTERN.test(text);
}

export function isKind(text: unknown): text is string {
  return typeof text === 'string' && text.length <= KIND_LENGTH_MAX && KIND_PATTERN.test(text);
}

/** Lower-case hex SHA-256. */
export function isHash(text: unknown): text is string {
  return typeof text === 'string' && HASH_PATTERN.test(text);
}

/** A UTC time in µs that both stores and the leaf can hold. */
export function isTimeUs(value: unknown): value is bigint {
  return typeof value === 'bigint' && value > 0n && value < 2n ** 63n;
}
