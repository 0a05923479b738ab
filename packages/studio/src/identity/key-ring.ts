import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { KEY_CHANGES_MAX } from '@jamnet/ledger';

/** What a studio signs with keys that can be changed. */
export const RING_PURPOSES = ['log', 'catalogue'] as const;
export type RingPurpose = (typeof RING_PURPOSES)[number];

/** Earlier keys that still sign: each adds a line to every checkpoint. */
export const KEYS_BESIDE_MAX = 4;
export const RING_FILE = 'ring.json';
export const SEED_BYTES = 32;

/** One purpose's keys by number. The first is derived from the root secret; each later one has a file of its own. */
export interface Ring {
  /** Number of the key in use, from 1. */
  readonly generation: number;
  /** Numbers of earlier keys that still sign beside it, newest first. */
  readonly besides: readonly number[];
  /** Signed changes, oldest first: the log's as notes, the catalogue's as JSON of a `KeyHandOver`. */
  readonly changes: readonly string[];
}

export type KeyRing = Readonly<Record<RingPurpose, Ring>>;

const FRESH: Ring = { generation: 1, besides: [], changes: [] };

/** The ring of a data directory; a studio that never changed a key has no file. Throws `key-ring-damaged`. */
export function readRing(dataDirectory: string): KeyRing {
  const file = join(dataDirectory, 'keys', RING_FILE);
  const text = textOf(file);
  if (text === null) return { log: FRESH, catalogue: FRESH };
  const value = parsed(text);
  const [log, catalogue] = RING_PURPOSES.map((purpose) => ringOf(value, purpose));
  if (log && catalogue) return { log, catalogue };
  throw new Failure('key-ring-damaged', `${file} cannot be read: restore it from a backup.`);
}

/** Name of the file with a later key's 32-byte seed, in `keys/`. */
export function seedFile(purpose: RingPurpose, generation: number): string {
  return `${purpose}-${generation}.secret`;
}

/** Throws `secret-missing` or `secret-damaged`. */
export function readSeed(dataDirectory: string, purpose: RingPurpose, generation: number): Uint8Array {
  const file = join(dataDirectory, 'keys', seedFile(purpose, generation));
  const seed = bytesOf(file);
  if (seed === null)
    throw new Failure(
      'secret-missing',
      `${file} is gone, but ${RING_FILE} names it: restore it from a backup.`,
    );
  if (seed.length !== SEED_BYTES)
    throw new Failure('secret-damaged', `${file} has not ${SEED_BYTES} bytes: restore it from a backup.`);
  return seed;
}

function ringOf(value: unknown, purpose: RingPurpose): Ring | null {
  const ring = isRecord(value) ? value[purpose] : null;
  if (!isRecord(ring)) return null;
  const { generation, besides, changes } = ring;
  const isWhole =
    isNumber(generation) &&
    Array.isArray(besides) &&
    besides.length <= KEYS_BESIDE_MAX &&
    besides.every((number) => isNumber(number) && number < generation) &&
    Array.isArray(changes) &&
    changes.length <= KEY_CHANGES_MAX &&
    changes.every((note) => typeof note === 'string');
  return isWhole ? { generation, besides, changes } : null;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOf(file: string): string | null {
  return bytesOf(file)?.toString('utf8') ?? null;
}

function bytesOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
