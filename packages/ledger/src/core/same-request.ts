import { equalBytes } from '@jamnet/base';
import { encodeLeaf } from './encode-leaf.ts';
import { LEAF_TIME_OFFSET, type Leaf } from './leaf.ts';
import type { Request } from './requests.ts';

/**
 * When the stored leaf was accepted (UTC µs), if it is what this request would have become; else `null`. The leaf holds
 * every field of its request, so comparing bytes is at least as strong as comparing a stored hash of the request.
 * `settles` is the index behind the request's `settle` key.
 */
export function sameRequest(
  request: Request,
  stored: Uint8Array,
  settles: bigint | undefined,
): bigint | null {
  const acceptedAtUs = new DataView(stored.buffer, stored.byteOffset).getBigUint64(LEAF_TIME_OFFSET);
  const leaf = leafOf(request, acceptedAtUs, settles);
  return leaf !== null && equalBytes(encodeLeaf(leaf), stored) ? acceptedAtUs : null;
}

function leafOf(request: Request, acceptedAtUs: bigint, settles: bigint | undefined): Leaf | null {
  const { key } = request;
  if ('record' in request) return { type: 'record', acceptedAtUs, key, ...request.record };
  if ('settle' in request) {
    return settles === undefined
      ? null
      : { type: 'settlement', acceptedAtUs, key, pendingIndex: settles, outcome: request.as };
  }
  const { kind, legs } = request;
  const evidence = request.evidence ?? null;
  const expiresAtUs = request.expiresAtUs ?? null;
  return {
    type: 'entry',
    acceptedAtUs,
    state: request.state ?? 'posted',
    key,
    kind,
    evidence,
    expiresAtUs,
    legs,
  };
}
