import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { UnitPrice } from '../money/unit-price.ts';

/** An id that follows from what it names, in the form of a UUID (version 8, RFC 9562 §5.8): an export repeated is the same. */
export function ocfId(kind: string, name: string): string {
  const hex = toHex(sha256(encodeUtf8(`jamnet/ocf/v1\0${kind}\0${name}`)));
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** µJAM as whole units with six decimals: OCF's Numeric is a string of at most ten decimals. */
export function ocfQuantity(microJam: bigint): string {
  return `${microJam / 1_000_000n}.${(microJam % 1_000_000n).toString().padStart(6, '0')}`;
}

/** n in dollars to ten decimals, rounded down. */
export function ocfPrice({ cents, units }: UnitPrice): { amount: string; currency: 'USD' } {
  const scaled = (cents * 100_000_000n) / units;
  const amount = `${scaled / 10_000_000_000n}.${(scaled % 10_000_000_000n).toString().padStart(10, '0')}`;
  return { amount, currency: 'USD' };
}
