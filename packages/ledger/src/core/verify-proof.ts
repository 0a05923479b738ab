import { equalBytes, ok, type Result, refuse } from '@jamnet/base';
import { HASH_BYTES, nodeHash, type Sha256, sha256 } from './tree-hash.ts';

export type ProofCode = 'proof-malformed' | 'proof-invalid';

/** Longest proof of a tree of at most 2⁵³ leaves; C2SP witnesses take at most 63 lines. */
export const PROOF_HASHES_MAX = 63;

/** What an inclusion proof claims: the leaf with this hash is number `index` of the tree with this size and root. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(claim: InclusionClaim, hash: Sha256 = sha256): Result<true, ProofCode> {
  const { index, size, proof } = claim;
  if (index < 0n || index >= size || !areHashes([claim.leafHash, claim.root, ...proof])) return malformed();
  let fn = index;
  let sn = size - 1n;
  let root = claim.leafHash;
  for (const sibling of proof) {
    if (sn === 0n) return malformed();
    if ((fn & 1n) === 1n || fn === sn) {
      root = nodeHash(sibling, root, hash);
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      root = nodeHash(root, sibling, hash);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) return malformed();
  return equalBytes(root, claim.root) ? ok(true) : invalid('The leaf is not in this tree.');
}

/** What a consistency proof claims: the older tree is a prefix of the newer one. */
export interface ConsistencyClaim {
  readonly oldSize: bigint;
  readonly oldRoot: Uint8Array;
  readonly size: bigint;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 §2.1.4.2. Every tree extends the empty one; equal sizes need equal roots and no proof. */
export function verifyConsistency(claim: ConsistencyClaim, hash: Sha256 = sha256): Result<true, ProofCode> {
  const { oldSize, size, oldRoot, root, proof } = claim;
  if (oldSize < 0n || oldSize > size || !areHashes([oldRoot, root, ...proof])) return malformed();
  if (oldSize === size || oldSize === 0n) {
    if (proof.length > 0) return malformed();
    return oldSize === 0n || equalBytes(oldRoot, root)
      ? ok(true)
      : invalid('Two roots for one size: the log has forked.');
  }
  // A complete old tree is itself the first node of the proof and is left out of it.
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  const roots = foldConsistency(path, oldSize - 1n, size - 1n, hash);
  if (!roots) return malformed();
  if (equalBytes(roots.old, oldRoot) && equalBytes(roots.new, root)) return ok(true);
  return invalid('The newer tree does not extend the older one: the log has rewritten history.');
}

function foldConsistency(path: readonly Uint8Array[], oldLast: bigint, last: bigint, hash: Sha256) {
  const [first, ...rest] = path;
  if (!first) return null;
  let [fn, sn] = [oldLast, last];
  while ((fn & 1n) === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [oldRoot, newRoot] = [first, first];
  for (const sibling of rest) {
    if (sn === 0n) return null;
    if ((fn & 1n) === 1n || fn === sn) {
      oldRoot = nodeHash(sibling, oldRoot, hash);
      newRoot = nodeHash(sibling, newRoot, hash);
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      newRoot = nodeHash(newRoot, sibling, hash);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n ? { old: oldRoot, new: newRoot } : null;
}

function isPowerOfTwo(value: bigint): boolean {
  return (value & (value - 1n)) === 0n;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.length <= PROOF_HASHES_MAX + 2 && hashes.every((hash) => hash.length === HASH_BYTES);
}

function malformed(): Result<never, ProofCode> {
  return refuse('proof-malformed', 'The proof has not the shape that this index and these sizes need.');
}

function invalid(message: string): Result<never, ProofCode> {
  return refuse('proof-invalid', message);
}
