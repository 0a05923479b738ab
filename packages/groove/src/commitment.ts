import { concatBytes, encodeUtf8 } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';

/** Salt of a commitment, bytes: as long as the hash, drawn anew for every bar. */
export const SALT_BYTES = 32;
export const COMMITMENT_BYTES = 32;

const DOMAIN = 'jamnet/groove/commitment/v1';

export interface Committed {
  /** Canonical bytes of the forecast. */
  readonly forecast: Uint8Array;
  readonly salt: Uint8Array;
  readonly node: string;
  readonly performance: string;
  /** 0 ≤ bar < 2³². */
  readonly bar: number;
}

/**
 * SHA-256 over domain, forecast, salt, node, performance and bar, each behind its length (32 bit, big-endian), so that no
 * two different tuples share their bytes: neither another host nor another bar can take a commitment over.
 */
export function commitment(committed: Committed): Uint8Array {
  return sha256(
    concatBytes(
      prefixed(encodeUtf8(DOMAIN)),
      prefixed(committed.forecast),
      prefixed(committed.salt),
      prefixed(encodeUtf8(committed.node)),
      prefixed(encodeUtf8(committed.performance)),
      prefixed(uint32(committed.bar)),
    ),
  );
}

function prefixed(bytes: Uint8Array): Uint8Array {
  return concatBytes(uint32(bytes.length), bytes);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
