import type { Result } from '@jamnet/base';

/** Bytes that can be read again from any place, as often as it takes. */
export interface ObjectSource {
  readonly bytes: number;
  /** From `from` (0 ≤ from ≤ bytes) to the end. */
  read(from: number): AsyncIterable<Uint8Array>;
}

export type ObjectCode = 'object-name-invalid' | 'object-hash-differs' | 'object-too-large' | 'object-erased';

/**
 * Takes and models by the SHA-256 of their bytes (64 hex digits). What is under a name never changes, so the same may be put from several
 * machines at once. Failures of the disk or the network are thrown, and a `put` that is tried again goes on where it ended.
 */
export interface ObjectStore {
  /** Bytes of a whole object; null where there is none. */
  size(sha256: string): Promise<number | null>;
  /** Keeps an object; the same again changes nothing. Answers how many bytes it had to send. */
  put(sha256: string, source: ObjectSource): Promise<Result<{ readonly sentBytes: number }, ObjectCode>>;
  /** The bytes in order; null where there is none. Throws `object-damaged` at the first piece that is not what was put. */
  get(sha256: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** At most `limit` (1 to {@link LIST_MAX}) names after `after`, sorted. */
  list(after: string, limit: number): Promise<readonly string[]>;
  /** Takes an object's bytes away for good; its name stays, and is refused from then on. */
  erase(sha256: string): Promise<void>;
  /** Whether an object was erased. */
  isErased(sha256: string): Promise<boolean>;
  /** Takes away what torn puts left that began before this moment, UTC ms. Answers how many. */
  sweep(beforeMs: number): Promise<number>;
}

/** What is sent and checked at once. */
export const PIECE_BYTES = 8 * 1024 * 1024;
/** 8 GiB: a take of sixteen players for two hours has half of that. */
export const OBJECT_BYTES_MAX = 1024 * PIECE_BYTES;
export const LIST_MAX = 1_000;

const NAME = /^[0-9a-f]{64}$/;

export function isObjectName(text: string): boolean {
  return NAME.test(text);
}
