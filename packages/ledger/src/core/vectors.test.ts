import { fromHex, present, toBase64, toHex } from '@jamnet/base';
import { expect, test } from 'vitest';
import books from '../../vectors/books.json' with { type: 'json' };
import checkpoints from '../../vectors/checkpoints.json' with { type: 'json' };
import leaves from '../../vectors/leaves.json' with { type: 'json' };
import proofs from '../../vectors/proofs.json' with { type: 'json' };
import { verifyCheckpoint } from './checkpoint.ts';
import { decodeLeaf } from './decode-leaf.ts';
import { encodeLeaf } from './encode-leaf.ts';
import { replay } from './replay.ts';
import { leafHash } from './tree-hash.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

const bytesOf = (hex: string) => present(fromHex(hex), 'hex');

test.each(leaves.valid)('leaf: $name', ({ hex, leafHash: hash, leaf }) => {
  const decoded = decodeLeaf(bytesOf(hex));
  if (!decoded.ok) throw new Error(decoded.message);
  const asText = JSON.parse(
    JSON.stringify(decoded.value, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  );
  expect(asText).toEqual(leaf);
  expect(toHex(encodeLeaf(decoded.value))).toBe(hex);
  expect(toHex(leafHash(bytesOf(hex)))).toBe(hash);
});

test.each(leaves.invalid)('no leaf: $name', ({ hex, code }) => {
  expect(decodeLeaf(bytesOf(hex))).toMatchObject({ ok: false, code });
});

test.each(books)('books: $name', (vector) => {
  const replayed = replay(vector.leaves.map(bytesOf));
  const balances = replayed.ok
    ? Array.from(replayed.value.accounts(), ({ code, balance, held }) => ({
        code,
        balance: String(balance),
        held: String(held),
      }))
    : undefined;
  expect(replayed.ok ? undefined : replayed.code).toBe(vector.code);
  expect(balances).toEqual(vector.balances);
});

test.each(checkpoints.cases)('checkpoint: $name', (vector) => {
  const verified = verifyCheckpoint(new TextEncoder().encode(vector.note), checkpoints.vkey, [
    checkpoints.witnessVkey,
  ]);
  expect(verified.ok ? undefined : verified.code).toBe(vector.code);
  if (!verified.ok) return;
  const { size, root, witnesses } = verified.value;
  expect({ size: String(size), root: toBase64(root), witnesses }).toEqual({
    size: vector.size,
    root: vector.root,
    witnesses: vector.witnesses,
  });
});

test.each(proofs.inclusion)('inclusion: $name', ({ index, size, leafHash: leaf, root, proof, code }) => {
  const claim = {
    index: BigInt(index),
    size: BigInt(size),
    leafHash: bytesOf(leaf),
    root: bytesOf(root),
    proof: proof.map(bytesOf),
  };
  const verified = verifyInclusion(claim);
  expect(verified.ok ? undefined : verified.code).toBe(code);
});

test.each(proofs.consistency)('consistency: $name', ({ oldSize, size, oldRoot, root, proof, code }) => {
  const sizes = { oldSize: BigInt(oldSize), size: BigInt(size) };
  const verified = verifyConsistency({
    ...sizes,
    oldRoot: bytesOf(oldRoot),
    root: bytesOf(root),
    proof: proof.map(bytesOf),
  });
  expect(verified.ok ? undefined : verified.code).toBe(code);
});
