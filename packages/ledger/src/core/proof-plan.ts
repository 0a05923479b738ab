import { assert } from '@jamnet/base';
import { nodeHash, type Sha256, sha256 } from './tree-hash.ts';

/** The complete subtree of 2^level leaves whose first leaf is index·2^level. */
export interface NodeAddress {
  readonly level: number;
  readonly index: number;
}

/**
 * Each hash of a proof as the complete subtrees it is folded from, left to right: more than one where the range ends at
 * the ragged right edge of the tree.
 */
export type ProofPlan = readonly (readonly NodeAddress[])[];

/** RFC 6962 §2.1.1: the nodes of an inclusion proof, leaf to root. `0 ≤ index < size`. */
export function planInclusion(index: number, size: number): ProofPlan {
  assert(index >= 0 && index < size, 'index inside the tree');
  const plan: NodeAddress[][] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      plan.push(subtreesOf(middle, end));
      end = middle;
    } else {
      plan.push(subtreesOf(begin, middle));
      begin = middle;
    }
  }
  return plan.reverse();
}

/** RFC 6962 §2.1.2: the nodes of a consistency proof between two sizes. `0 < oldSize ≤ size`; equal sizes need none. */
export function planConsistency(oldSize: number, size: number): ProofPlan {
  assert(oldSize > 0 && oldSize <= size, 'sizes in order');
  const plan: NodeAddress[][] = [];
  let begin = 0;
  let end = size;
  // The old root itself is known to whoever asks, so its subtree is named only once the walk has left the left edge.
  let known = true;
  while (end !== oldSize) {
    const middle = begin + splitOf(end - begin);
    if (oldSize <= middle) {
      plan.push(subtreesOf(middle, end));
      end = middle;
    } else {
      plan.push(subtreesOf(begin, middle));
      begin = middle;
      known = false;
    }
  }
  if (!known) plan.push(subtreesOf(begin, end));
  return plan.reverse();
}

/** Folds the hashes of one plan item into the proof's hash. */
export function foldSubtrees(hashes: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array {
  let root: Uint8Array | null = null;
  for (let i = hashes.length - 1; i >= 0; i--) {
    const left = hashes[i];
    assert(left, 'hash of each subtree');
    root = root === null ? left : nodeHash(left, root, hash);
  }
  assert(root, 'a proof item has at least one subtree');
  return root;
}

/** Largest power of two below `width`, for width ≥ 2. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/** The range [begin, end) as complete subtrees, largest first; `begin` is a multiple of the largest. */
function subtreesOf(begin: number, end: number): NodeAddress[] {
  const nodes: NodeAddress[] = [];
  while (begin < end) {
    let level = 0;
    let width = 1;
    while (width * 2 <= end - begin) {
      width *= 2;
      level++;
    }
    nodes.push({ level, index: begin / width });
    begin += width;
  }
  return nodes;
}
