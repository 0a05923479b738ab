import { compareBytes, encodeUtf8 } from '@jamnet/base';
import { type Sha256, taggedHash } from './digest.ts';

/**
 * Nodes in the order in which they are preferred for a task: highest SHA-256(task ‖ node) first
 * (rendezvous hashing, Thaler and Ravishankar 1998). Depends on names alone, never on speed.
 */
export function rankRendezvous(hash: Sha256, task: string, nodes: readonly string[]): string[] {
  const scored = [...new Set(nodes)].map((node) => ({
    node,
    score: taggedHash(hash, 'jamnet/mesh/rendezvous/v1', encodeUtf8(task), encodeUtf8(node)),
  }));
  return scored.sort((a, b) => compareBytes(b.score, a.score)).map(({ node }) => node);
}
