import type { Contract } from '../contracts/contract.ts';
import { DOORS } from '../contracts/doors.ts';

/** The header of draft-ietf-httpapi-idempotency-key-header. */
export const KEY_HEADER = 'idempotency-key';

/** What a route that takes keys may refuse with, beside its own. */
export const KEY_CODES = [
  'idempotency-key-malformed',
  'idempotency-key-reused',
  'idempotency-key-running',
  'idempotency-key-unfinished',
  'idempotency-keys-full',
  'idempotency-answer-not-kept',
] as const;

export type KeyRefusal = (typeof KEY_CODES)[number];

/**
 * Whether a request may carry a key by which it is done once: every POST of somebody who is known. What is open names itself in
 * what it signs (orders, claims, commitments) or makes nothing that lasts; signing in is better-auth's.
 */
export function takesKey(method: string, { letsIn, isGuardedInside, onlyLooks }: Contract): boolean {
  const letsNobodyIn = !(DOORS[letsIn].letsIn as readonly string[]).includes('nobody');
  return method === 'POST' && letsNobodyIn && isGuardedInside !== true && onlyLooks !== true;
}
