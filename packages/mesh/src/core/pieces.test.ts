import { toHex } from '@jamnet/base';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsFor } from '../testing/hosts.ts';
import { openEntry, signEntry } from './catalogue.ts';
import { pureSha256 } from './pure-sha256.ts';
import { rankRendezvous } from './rendezvous.ts';
import { chunkRange, commitToResult } from './result-chunks.ts';

test('cuts every result into chunks that join without gap or overlap, on whole elements', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.integer({ min: 1, max: 64 }), (bytes, count) => {
      let at = 0;
      for (let chunk = 0; chunk < count; chunk++) {
        const { start, end } = chunkRange(bytes, count, chunk);
        expect(start).toBe(at);
        expect(end).toBeGreaterThanOrEqual(start);
        if (chunk < count - 1) expect(end % 4).toBe(0);
        at = end;
      }
      expect(at).toBe(bytes);
    }),
  );
});

test('commits to every byte and to the length', () => {
  const result = Uint8Array.from({ length: 100 }, (_, n) => n);
  const hash = commitToResult(pureSha256, result, 8).resultHash;
  for (const at of [0, 50, 99]) {
    const changed = result.slice();
    changed[at] = 255;
    expect(commitToResult(pureSha256, changed, 8).resultHash).not.toBe(hash);
  }
  expect(commitToResult(pureSha256, result.subarray(0, 96), 8).resultHash).not.toBe(hash);
});

test('opens an entry that the studio signed, and none that was changed or signed by another', () => {
  const secret = pureSha256(Uint8Array.of(1));
  const publicKey = ed25519.getPublicKey(secret);
  const entry = partsFor({ seed: 'x' }).catalogue.find('test.scale', 1);
  if (!entry) throw new Error('no entry');
  const signed = signEntry(entry, secret);
  expect(openEntry(signed, publicKey).ok).toBe(true);
  const dearer = { ...signed, entry: { ...entry, limits: { ...entry.limits, operationsMax: 1n } } };
  expect(openEntry(dearer, publicKey)).toMatchObject({ ok: false, code: 'catalogue-forged' });
  expect(openEntry(signed, ed25519.getPublicKey(pureSha256(Uint8Array.of(2))))).toMatchObject({ ok: false });
  expect(openEntry({ ...signed, signature: 'zz' }, publicKey)).toMatchObject({ ok: false });
});

test('prefers each node for its share of tasks, and moves only the tasks of a node that leaves', () => {
  const nodes = ['a', 'b', 'c', 'd'];
  const tasks = Array.from({ length: 400 }, (_, n) => toHex(pureSha256(Uint8Array.of(n & 255, n >> 8))));
  const first = (task: string, from: readonly string[]) => rankRendezvous(pureSha256, task, from)[0] ?? '';
  for (const node of nodes) {
    const share = tasks.filter((task) => first(task, nodes) === node).length;
    expect(share).toBeGreaterThan(60);
    expect(share).toBeLessThan(140);
  }
  const without = nodes.filter((node) => node !== 'b');
  for (const task of tasks)
    if (first(task, nodes) !== 'b') expect(first(task, without)).toBe(first(task, nodes));
});
