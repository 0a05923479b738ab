import { encodeBundle } from '../core/entry-bundle.ts';
import { bundlePath, tilePath } from '../core/tile-path.ts';
import { TILE_WIDTH, type Tile, type TileTree } from '../core/tile-tree.ts';
import type { Ledger } from '../store/ledger.ts';
import type { LogFiles } from './log-files.ts';

/** Leaves per page read from the journal: 39 tiles, a few MB. */
const PAGE_LEAVES = 39 * TILE_WIDTH;

/** Appends the journal's leaves up to `target` to the tree and writes every tile and bundle that this changes. */
export async function writeTiles(
  tree: TileTree,
  target: number,
  ledger: Ledger,
  files: LogFiles,
): Promise<void> {
  const partials = partialFolders(tree);
  while (tree.size < target) {
    // The open bundle is written again whole, so reading starts where it begins.
    const first = Math.floor(tree.size / TILE_WIDTH) * TILE_WIDTH;
    const page = await ledger.entries(BigInt(first), Math.min(PAGE_LEAVES, target - first));
    const leaves = page.map(({ bytes }) => bytes);
    const tiles: Tile[] = [];
    for (const leaf of leaves.slice(tree.size - first)) tree.append(leaf, (tile) => tiles.push(tile));
    await Promise.all([
      ...tiles.map((tile) => writeTile(files, tile)),
      ...writeBundles(files, first, leaves),
    ]);
  }
  await Promise.all(tree.partialTiles().map((tile) => writeTile(files, tile)));
  await files.flush();
  // Partials may go once the full tile is there: readers of older checkpoints fall back to it.
  const kept = partialFolders(tree);
  await Promise.all([...partials].map((path) => (kept.has(path) ? null : files.removeFolder(path))));
}

/** Folders that hold the partial tiles and the partial bundle of the tree as it is. */
function partialFolders(tree: TileTree): Set<string> {
  const folders = new Set(
    tree.partialTiles().map(({ level, index }) => `${tilePath(level, index, TILE_WIDTH)}.p`),
  );
  const bundle = Math.floor(tree.size / TILE_WIDTH);
  return tree.size % TILE_WIDTH === 0 ? folders : folders.add(`${bundlePath(bundle, TILE_WIDTH)}.p`);
}

function writeTile(files: LogFiles, tile: Tile): Promise<void> {
  return files.write(tilePath(tile.level, tile.index, tile.width), tile.bytes);
}

function writeBundles(files: LogFiles, first: number, leaves: readonly Uint8Array[]): Promise<void>[] {
  const writes: Promise<void>[] = [];
  for (let at = 0; at < leaves.length; at += TILE_WIDTH) {
    const entries = leaves.slice(at, at + TILE_WIDTH);
    writes.push(files.write(bundlePath((first + at) / TILE_WIDTH, entries.length), encodeBundle(entries)));
  }
  return writes;
}
