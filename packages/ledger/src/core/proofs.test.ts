import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planConsistency, planInclusion } from './proof-plan.ts';
import { readProof } from './read-tiles.ts';
import { tilePath } from './tile-path.ts';
import { type Tile, TileTree } from './tile-tree.ts';
import { leafHash, nodeHash } from './tree-hash.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

/** RFC 6962 §2.1 word by word, to agree with. */
function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (hashes.length === 1 && only) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(naiveRoot(hashes.slice(0, split)), naiveRoot(hashes.slice(split)));
}

const LEAVES_MAX = 1_300;
const hashes = Array.from({ length: LEAVES_MAX }, (_, i) => leafHash(Uint8Array.of(i & 255, i >> 8)));

function published(size: number): { root: Uint8Array; read: (path: string) => Promise<Uint8Array | null> } {
  const tree = new TileTree();
  const tiles: Tile[] = [];
  for (const hash of hashes.slice(0, size)) tree.appendHash(hash, (tile) => tiles.push(tile));
  const files = new Map(
    [...tiles, ...tree.partialTiles()].map((tile) => [
      tilePath(tile.level, tile.index, tile.width),
      tile.bytes,
    ]),
  );
  return { root: tree.root(), read: async (path) => files.get(path) ?? null };
}

const sizes = fc.integer({ min: 1, max: LEAVES_MAX });

test('the tiled tree has the root that the RFC defines, and goes on from its edge', async () => {
  for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 700, 1_024, 1_299]) {
    const { root, read } = published(size);
    expect(root).toEqual(naiveRoot(hashes.slice(0, size)));
    const edge: Uint8Array[] = [];
    for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 256)) {
      const width = rest % 256;
      edge.push(
        width === 0
          ? new Uint8Array(0)
          : ((await read(tilePath(level, Math.floor(rest / 256), width))) ?? new Uint8Array(0)),
      );
    }
    const resumed = TileTree.resume(size, edge);
    for (const hash of hashes.slice(size)) resumed.appendHash(hash);
    expect(resumed.root()).toEqual(published(LEAVES_MAX).root);
  }
});

test('an inclusion proof read from tiles holds for its leaf, index and size only', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, other) => {
      const index = at % size;
      const { root, read } = published(size);
      const proof = await readProof(planInclusion(index, size), read, size);
      const hash = hashes[index];
      if (!proof || !hash) throw new Error('no proof');
      const claim = { leafHash: hash, index: BigInt(index), size: BigInt(size), root, proof };
      expect(verifyInclusion(claim).ok).toBe(true);
      const wrong = hashes[(index + 1 + (other % (LEAVES_MAX - 1))) % LEAVES_MAX];
      if (wrong) expect(verifyInclusion({ ...claim, leafHash: wrong }).ok).toBe(false);
      expect(verifyInclusion({ ...claim, proof: [...proof, root] }).ok).toBe(false);
      if (proof.length > 0) expect(verifyInclusion({ ...claim, proof: proof.slice(1) }).ok).toBe(false);
      if (size > 1) expect(verifyInclusion({ ...claim, index: BigInt((index + 1) % size) }).ok).toBe(false);
      expect(verifyInclusion({ ...claim, index: BigInt(size) })).toMatchObject({ code: 'proof-malformed' });
    }),
    { numRuns: 60 },
  );
});

test('a consistency proof read from tiles holds for its two trees only', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, flip) => {
      const [oldSize, size] = a <= b ? [a, b] : [b, a];
      const { root, read } = published(size);
      const oldRoot = published(oldSize).root;
      const proof = await readProof(oldSize === size ? [] : planConsistency(oldSize, size), read, size);
      if (!proof) throw new Error('no proof');
      const claim = { oldSize: BigInt(oldSize), oldRoot, size: BigInt(size), root, proof };
      expect(verifyConsistency(claim).ok).toBe(true);
      if (oldSize === size) return;
      expect(verifyConsistency({ ...claim, oldRoot: root }).ok).toBe(false);
      expect(verifyConsistency({ ...claim, proof: [] }).ok).toBe(false);
      const damaged = proof.map((hash) => hash.slice());
      const target = damaged[flip % damaged.length];
      if (target) target[flip % 32] = (target[flip % 32] ?? 0) ^ 1;
      expect(verifyConsistency({ ...claim, proof: damaged }).ok).toBe(false);
    }),
    { numRuns: 60 },
  );
});
