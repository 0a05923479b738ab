import { concatBytes, toHex, uint64Bytes } from '@jamnet/base';
import { type Sha256, taggedHash } from './digest.ts';

/** Elements of results are 4 bytes wide (float32 or 32-bit integers): no chunk cuts one in two. */
const ELEMENT_BYTES = 4;

/**
 * Byte range [start, end) of one chunk. Chunks are even to within one element and cover the result;
 * bytes after the last whole element belong to the last chunk.
 */
export function chunkRange(
  resultBytes: number,
  chunkCount: number,
  chunk: number,
): { start: number; end: number } {
  const elements = Math.floor(resultBytes / ELEMENT_BYTES);
  const start = Math.floor((elements * chunk) / chunkCount) * ELEMENT_BYTES;
  const end =
    chunk === chunkCount - 1
      ? resultBytes
      : Math.floor((elements * (chunk + 1)) / chunkCount) * ELEMENT_BYTES;
  return { start, end };
}

/** A view of one chunk; the bytes stay the result's. */
export function chunkOf(result: Uint8Array, chunkCount: number, chunk: number): Uint8Array {
  const { start, end } = chunkRange(result.length, chunkCount, chunk);
  return result.subarray(start, end);
}

/** What a host commits to before it sends: a hash per chunk, and one over all of them and the length. */
export interface ResultCommitment {
  /** Hex SHA-256. */
  readonly resultHash: string;
  readonly chunkHashes: readonly string[];
}

export function commitToResult(hash: Sha256, result: Uint8Array, chunkCount: number): ResultCommitment {
  const hashes: Uint8Array[] = [];
  for (let chunk = 0; chunk < chunkCount; chunk++) hashes.push(hash(chunkOf(result, chunkCount, chunk)));
  const root = taggedHash(
    hash,
    'jamnet/mesh/result/v1',
    uint64Bytes(BigInt(result.length)),
    concatBytes(...hashes),
  );
  return { resultHash: toHex(root), chunkHashes: hashes.map(toHex) };
}
