import { canonicalJson, encodeUtf8, fromHex } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { type Sha256, taggedHashHex } from './digest.ts';

/** Checks an Ed25519 signature; shells pass the platform's, which is faster than plain TypeScript. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** RFC 8032 with cofactorless-compatible ZIP 215 acceptance, as `@noble/curves` does it. */
export const pureVerifySignature: VerifySignature = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey);
  } catch {
    return false; // The library throws on wrong lengths and on bytes that are no curve point.
  }
};

/** What a node says about itself when it registers. */
export interface NodeClaim {
  /** Hex Ed25519 public key, the node's own. */
  readonly publicKey: string;
  readonly name: string;
  readonly ownerGroup: string;
  /** `p` and 32 hex characters. */
  readonly payee: string;
}

/** `n` and 32 hex characters from the public key: repeats of a registration are the same node. */
export function nodeIdOf(hash: Sha256, publicKey: string): string {
  return `n${taggedHashHex(hash, 'jamnet/mesh/node/v1', publicKey).slice(0, 32)}`;
}

/** What a node signs to prove its key: the studio's nonce and everything it claims. */
export function proofBytes(nonce: string, claim: NodeClaim): Uint8Array {
  const { publicKey, name, ownerGroup, payee } = claim;
  return encodeUtf8(
    `jamnet/mesh/register/v1\0${canonicalJson({ nonce, publicKey, name, ownerGroup, payee })}`,
  );
}

/** One line of a batch of commitments. `lease` is the number of the lease, so that an old one cannot be replayed. */
export interface CommitItem {
  readonly task: string;
  readonly lease: number;
  readonly resultHash: string;
  readonly chunkHashes: readonly string[];
}

/** What a node signs when it commits to up to {@link RESULTS_PER_MESSAGE_MAX} results at once. */
export function commitBytes(node: string, items: readonly CommitItem[]): Uint8Array {
  // Members in the order of canonical JSON: the engine writes the same bytes in two fifths of the time.
  const lines = items.map(({ task, lease, resultHash, chunkHashes }) => ({
    chunkHashes,
    lease,
    resultHash,
    task,
  }));
  return encodeUtf8(`jamnet/mesh/commit/v1\0${JSON.stringify({ items: lines, node })}`);
}

/** Leases, commitments and results that one message may hold. */
export const RESULTS_PER_MESSAGE_MAX = 50;

/** The bytes of a hex string of exactly `length` bytes, else `null`. */
export function fixedHex(text: string, length: number): Uint8Array | null {
  return text.length === 2 * length ? fromHex(text) : null;
}
