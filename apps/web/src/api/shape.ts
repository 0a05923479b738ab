import { ok, type Result, refuse } from '@jamnet/base';

/** Reads one JSON value into its type; `path` names it in the complaint when it is something else. */
export type Shape<T> = (value: unknown, path: string) => T;

class ShapeMismatch extends Error {}

function mismatch(path: string, expected: string): never {
  throw new ShapeMismatch(`${path} should be ${expected}`);
}

/** The value as `shape` describes it, or which field is not as described. */
export function readAs<T>(shape: Shape<T>, value: unknown): Result<T, 'answer-malformed'> {
  try {
    return ok(shape(value, 'answer'));
  } catch (error) {
    if (error instanceof ShapeMismatch) return refuse('answer-malformed', error.message);
    throw error;
  }
}

export const text: Shape<string> = (value, path) =>
  typeof value === 'string' ? value : mismatch(path, 'text');

export const flag: Shape<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : mismatch(path, 'true or false');

/** Finite: JSON has no other, but a patched answer may say `null`. */
export const number: Shape<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : mismatch(path, 'a number');

export const count: Shape<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : mismatch(path, 'a whole number');

/** A whole number of smallest units as text; 40 digits are more than any book holds and keep `BigInt` cheap. */
export const amount: Shape<string> = (value, path) =>
  typeof value === 'string' && /^-?\d{1,40}$/.test(value) ? value : mismatch(path, 'a whole number as text');

export function oneOf<const T extends string>(...choices: readonly T[]): Shape<T> {
  return (value, path) => choices.find((choice) => choice === value) ?? mismatch(path, choices.join(' or '));
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((one: unknown, index) => item(one, `${path}[${index}]`))
      : mismatch(path, 'a list');
}

/** Fields beyond those named are dropped: a newer studio may say more. */
export function record<T extends object>(fields: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return mismatch(path, 'an object');
    const source = new Map<string, unknown>(Object.entries(value));
    const read: Partial<T> = {};
    for (const key of Object.keys(fields)) {
      // `keyof T` is exactly the keys of `fields`; Object.keys forgets that.
      const name = key as keyof T & string;
      read[name] = fields[name](source.get(name), `${path}.${name}`);
    }
    // Every key of T was read just above.
    return read as T;
  };
}
