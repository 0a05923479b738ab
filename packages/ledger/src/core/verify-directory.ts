import { equalBytes, ok, type Result, refuse } from '@jamnet/base';
import { type CheckpointCode, type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { decodeBundle } from './entry-bundle.ts';
import { followKeys, KEYS_PATH, type KeyChainCode } from './key-chain.ts';
import type { Leaf } from './leaf.ts';
import { type LogReader, readTile, tileWidth } from './read-tiles.ts';
import { Replay, type ReplayCode } from './replay.ts';
import { bundlePath, CHECKPOINT_PATH } from './tile-path.ts';
import { TILE_WIDTH, type Tile, TileTree } from './tile-tree.ts';
import type { Sha256 } from './tree-hash.ts';

export type DirectoryCode =
  | CheckpointCode
  | KeyChainCode
  | ReplayCode
  | 'checkpoint-absent'
  | 'bundle-absent'
  | 'bundle-malformed'
  | 'tile-absent'
  | 'tile-mismatch'
  | 'root-mismatch';

export interface DirectoryOptions {
  /** The log's verifier key: the one thing a reader must have from elsewhere. */
  readonly vkey: string;
  /** vkeys of witnesses whose cosignatures count. */
  readonly witnesses?: readonly string[];
  /** Sees each leaf after it was checked, e.g. to export or audit in the same pass. */
  readonly onLeaf?: (index: bigint, leaf: Leaf, bytes: Uint8Array) => void;
  /** The platform's SHA-256, where it is faster than the default. */
  readonly sha256?: Sha256;
}

/** A whole log that holds together. */
export interface VerifiedDirectory {
  readonly checkpoint: VerifiedCheckpoint;
  /** The key that signed: the reader's, or the one that it was handed on to, change by change. */
  readonly vkey: string;
  readonly books: Replay;
}

/**
 * Checks a published log from its files alone: signature, every entry, every tile, the root, and the books replayed
 * with balances and floors. Memory grows with accounts and open holds only. Tiles and root are rebuilt from the
 * entries, never trusted.
 */
export async function verifyDirectory(
  read: LogReader,
  options: DirectoryOptions,
): Promise<Result<VerifiedDirectory, DirectoryCode>> {
  const note = await read(CHECKPOINT_PATH);
  if (!note)
    return refuse('checkpoint-absent', 'There is no file named checkpoint: is this the directory of a log?');
  const vkey = await signingKey(read, note, options.vkey);
  if (!vkey.ok) return vkey;
  const checkpoint = verifyCheckpoint(note, vkey.value, options.witnesses);
  if (!checkpoint.ok) return checkpoint;
  const walk = new DirectoryWalk(read, options, checkpoint.value);
  const run = await walk.run();
  return run.ok ? ok({ ...run.value, vkey: vkey.value }) : run;
}

/** The newest key that signed the checkpoint, of those that the reader's own leads to. */
async function signingKey(
  read: LogReader,
  note: Uint8Array,
  vkey: string,
): Promise<Result<string, DirectoryCode>> {
  const direct = verifyCheckpoint(note, vkey);
  if (direct.ok || direct.code !== 'signature-missing') return ok(vkey);
  const file = await read(KEYS_PATH);
  const keys = file ? followKeys(file, vkey) : ok([vkey]);
  if (!keys.ok) return keys;
  return ok(keys.value.findLast((key) => verifyCheckpoint(note, key).ok) ?? vkey);
}

class DirectoryWalk {
  readonly #read: LogReader;
  readonly #options: DirectoryOptions;
  readonly #checkpoint: VerifiedCheckpoint;
  readonly #size: number;
  readonly #tree: TileTree;
  readonly #books = new Replay();
  readonly #full: Tile[] = [];

  constructor(read: LogReader, options: DirectoryOptions, checkpoint: VerifiedCheckpoint) {
    this.#read = read;
    this.#options = options;
    this.#checkpoint = checkpoint;
    this.#size = Number(checkpoint.size);
    this.#tree = new TileTree(options.sha256);
  }

  async run(): Promise<Result<Omit<VerifiedDirectory, 'vkey'>, DirectoryCode>> {
    for (let index = 0; index * TILE_WIDTH < this.#size; index++) {
      const refusal = (await this.#bundle(index)) ?? (await this.#tiles(this.#full.splice(0)));
      if (refusal) return refusal;
    }
    const refusal = await this.#tiles(this.#tree.partialTiles());
    if (refusal) return refusal;
    if (!equalBytes(this.#tree.root(), this.#checkpoint.root)) {
      return refuse('root-mismatch', 'The entries do not hash to the signed root: the log was altered.');
    }
    return ok({ checkpoint: this.#checkpoint, books: this.#books });
  }

  async #bundle(index: number): Promise<Result<never, DirectoryCode> | null> {
    const entries = await this.#entries(index);
    if (!entries.ok) return entries;
    for (const bytes of entries.value) {
      const at = this.#books.size;
      const applied = this.#books.apply(bytes);
      if (!applied.ok) return applied;
      this.#tree.append(bytes, (tile) => this.#full.push(tile));
      this.#options.onLeaf?.(at, applied.value, bytes);
    }
    return null;
  }

  async #entries(index: number): Promise<Result<readonly Uint8Array[], DirectoryCode>> {
    const width = tileWidth(0, index, this.#size);
    const exact = await this.#read(bundlePath(index, width));
    const bytes = exact ?? (width < TILE_WIDTH ? await this.#read(bundlePath(index, TILE_WIDTH)) : null);
    if (!bytes) return refuse('bundle-absent', `The entries from ${index * TILE_WIDTH} on are missing.`);
    const entries = decodeBundle(bytes, width, exact !== null);
    return entries
      ? ok(entries)
      : refuse('bundle-malformed', `The bundle of entries from ${index * TILE_WIDTH} on is malformed.`);
  }

  async #tiles(tiles: readonly Tile[]): Promise<Result<never, DirectoryCode> | null> {
    for (const { level, index, bytes } of tiles) {
      const published = await readTile(this.#read, level, index, this.#size);
      if (!published)
        return refuse('tile-absent', `Tile ${index} of level ${level} is missing or cut short.`);
      if (!equalBytes(published, bytes)) {
        return refuse('tile-mismatch', `Tile ${index} of level ${level} does not follow from the entries.`);
      }
    }
    return null;
  }
}
