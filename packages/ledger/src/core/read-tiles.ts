import { foldSubtrees, type NodeAddress, type ProofPlan } from './proof-plan.ts';
import { tilePath } from './tile-path.ts';
import { partialWidths, TILE_WIDTH } from './tile-tree.ts';
import { HASH_BYTES, nodeHash, type Sha256, sha256 } from './tree-hash.ts';

/** Reads a file of a published log by its path inside it, `null` where there is none: a directory, a URL, memory. */
export type LogReader = (path: string) => Promise<Uint8Array | null>;

/** The bytes of a tile as it was when the tree had `size` leaves; falls back to the full tile, as partials may go. */
export async function readTile(
  read: LogReader,
  level: number,
  index: number,
  size: number,
): Promise<Uint8Array | null> {
  const width = tileWidth(level, index, size);
  const exact = await read(tilePath(level, index, width));
  if (exact) return exact.length === width * HASH_BYTES ? exact : null;
  const full = width < TILE_WIDTH ? await read(tilePath(level, index, TILE_WIDTH)) : null;
  return full?.length === TILE_WIDTH * HASH_BYTES ? full.slice(0, width * HASH_BYTES) : null;
}

/** Hashes that a tile holds in a tree of `size` leaves. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
}

/** Turns a plan into the hashes of a proof by reading tiles; `null` when a tile is missing or cut short. */
export async function readProof(
  plan: ProofPlan,
  read: LogReader,
  size: number,
  hash: Sha256 = sha256,
): Promise<readonly Uint8Array[] | null> {
  const tiles = new Map<string, Promise<Uint8Array | null>>();
  const proof: Uint8Array[] = [];
  for (const nodes of plan) {
    const hashes: Uint8Array[] = [];
    for (const node of nodes) {
      const found = await readNode(node, tiles, read, size, hash);
      if (!found) return null;
      hashes.push(found);
    }
    proof.push(foldSubtrees(hashes, hash));
  }
  return proof;
}

/** A tile of level L holds the nodes of tree level 8·L; levels between are folded from it. */
async function readNode(
  node: NodeAddress,
  tiles: Map<string, Promise<Uint8Array | null>>,
  read: LogReader,
  size: number,
  hash: Sha256,
): Promise<Uint8Array | null> {
  const level = Math.floor(node.level / 8);
  const span = 2 ** (node.level % 8);
  const first = node.index * span;
  const index = Math.floor(first / TILE_WIDTH);
  const key = `${level}/${index}`;
  const loading = tiles.get(key) ?? readTile(read, level, index, size);
  tiles.set(key, loading);
  const tile = await loading;
  if (!tile) return null;
  const at = (first % TILE_WIDTH) * HASH_BYTES;
  return tile.length >= at + span * HASH_BYTES
    ? foldTile(tile.subarray(at, at + span * HASH_BYTES), hash)
    : null;
}

/** Root of a power of two of neighbouring hashes. */
export function foldTile(bytes: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  if (bytes.length === HASH_BYTES) return bytes.slice();
  const half = bytes.length / 2;
  // Both halves first: nodeHash reuses one input buffer.
  const left = foldTile(bytes.subarray(0, half), hash);
  const right = foldTile(bytes.subarray(half), hash);
  return nodeHash(left, right, hash);
}

/** The partial tiles of a published tree, level 0 first, empty where a level has none; `null` when one is missing. */
export async function readEdge(read: LogReader, size: number): Promise<readonly Uint8Array[] | null> {
  const edge: Uint8Array[] = [];
  for (const [level, width] of partialWidths(size).entries()) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    const tile = width === 0 ? new Uint8Array(0) : await readTile(read, level, index, size);
    if (!tile) return null;
    edge.push(tile);
  }
  return edge;
}
