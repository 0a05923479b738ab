import { assert, present } from '@jamnet/base';
import { emptyRoot, HASH_BYTES, leafHash, nodeHash, type Sha256, sha256 } from './tree-hash.ts';

/** C2SP tlog-tiles: a full tile holds 2⁸ hashes. */
export const TILE_WIDTH = 256;

/** A tile that became full, or is now the partial right edge. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Hashes in it, 1…256. */
  readonly width: number;
  readonly bytes: Uint8Array;
}

/**
 * The right edge of an RFC 6962 tree cut into tiles: at most 255 hashes per level, whatever the size. Appending hands
 * out each tile as it fills; the root needs nothing but the edge.
 */
export class TileTree {
  readonly #hash: Sha256;
  /** Hashes of the partial tile of each level, left to right. */
  readonly #edge: Uint8Array[][] = [];
  #size = 0;

  constructor(hash: Sha256 = sha256) {
    this.#hash = hash;
  }

  /** Leaves so far, at most 2⁵³−1. */
  get size(): number {
    return this.#size;
  }

  /** Takes the edge of a published tree up again; `edge` holds the partial tiles of `size`, level 0 first. */
  static resume(size: number, edge: readonly Uint8Array[], hash: Sha256 = sha256): TileTree {
    const tree = new TileTree(hash);
    tree.#size = size;
    for (const [level, width] of partialWidths(size).entries()) {
      const bytes = edge[level] ?? new Uint8Array(0);
      assert(bytes.length === width * HASH_BYTES, 'the partial tile of each level has the width of the size');
      tree.#edge.push(splitHashes(bytes));
    }
    return tree;
  }

  /** Appends one leaf; `onFull` gets each tile that this completes, lowest level first. */
  append(leaf: Uint8Array, onFull?: (tile: Tile) => void): void {
    this.appendHash(leafHash(leaf, this.#hash), onFull);
  }

  appendHash(hash: Uint8Array, onFull?: (tile: Tile) => void): void {
    assert(this.#size < Number.MAX_SAFE_INTEGER, 'tree size');
    this.#size++;
    let carried: Uint8Array | null = hash;
    for (let level = 0; carried !== null; level++) {
      carried = this.#push(level, carried, onFull);
    }
  }

  /** The root of the next level's entry when this completes a tile, else `null`. */
  #push(level: number, hash: Uint8Array, onFull?: (tile: Tile) => void): Uint8Array | null {
    if (level === this.#edge.length) this.#edge.push([]);
    const row = present(this.#edge[level], 'edge level');
    row.push(hash);
    if (row.length < TILE_WIDTH) return null;
    const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1)) - 1;
    onFull?.({ level, index, width: TILE_WIDTH, bytes: joinHashes(row) });
    const root = this.#rootOfFull(row);
    row.length = 0;
    return root;
  }

  #rootOfFull(row: readonly Uint8Array[]): Uint8Array {
    let hashes = row;
    while (hashes.length > 1) {
      const parents: Uint8Array[] = [];
      for (let i = 0; i + 1 < hashes.length; i += 2) parents.push(this.#node(hashes[i], hashes[i + 1]));
      hashes = parents;
    }
    return present(hashes[0], 'root of a full tile');
  }

  #node(left: Uint8Array | undefined, right: Uint8Array | undefined): Uint8Array {
    return nodeHash(present(left, 'left child'), present(right, 'right child'), this.#hash);
  }

  root(): Uint8Array {
    let root: Uint8Array | null = null;
    for (const row of this.#edge) root = this.#foldRow(row, row.length, root);
    return root ?? emptyRoot(this.#hash);
  }

  /** Complete subtrees of a row from the right: sizes are the set bits of its width, smallest at the right end. */
  #foldRow(row: readonly Uint8Array[], width: number, right: Uint8Array | null): Uint8Array | null {
    let root = right;
    let end = width;
    for (let bit = 1; bit < TILE_WIDTH; bit *= 2) {
      if ((width & bit) === 0) continue;
      const subtree = this.#rootOfFull(row.slice(end - bit, end));
      root = root === null ? subtree : this.#node(subtree, root);
      end -= bit;
    }
    return root;
  }

  /** The partial tiles of the right edge; levels whose width is a multiple of 256 have none. */
  partialTiles(): Tile[] {
    const tiles: Tile[] = [];
    for (const [level, row] of this.#edge.entries()) {
      if (row.length === 0) continue;
      const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
      tiles.push({ level, index, width: row.length, bytes: joinHashes(row) });
    }
    return tiles;
  }
}

/** Width of the partial tile of each level of a tree of `size` leaves, level 0 first; 0 where there is none. */
export function partialWidths(size: number): number[] {
  const widths: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / TILE_WIDTH)) widths.push(rest % TILE_WIDTH);
  return widths;
}

function joinHashes(row: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(row.length * HASH_BYTES);
  for (const [i, hash] of row.entries()) bytes.set(hash, i * HASH_BYTES);
  return bytes;
}

function splitHashes(bytes: Uint8Array): Uint8Array[] {
  const row: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) row.push(bytes.slice(at, at + HASH_BYTES));
  return row;
}
