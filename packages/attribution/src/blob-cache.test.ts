import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BlobCache, SEGMENTS_MAX } from './blob-cache.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jamnet-blob-cache-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(blobs: readonly string[]): Promise<void> {
  const cache = await BlobCache.open(directory);
  for (const key of blobs) cache.set(key, [{ key, tokens: 3, startLine: 1, endLine: 1, probes: [0] }]);
  await cache.save();
}

test('segments are put together when they are too many, and nothing is forgotten', async () => {
  const blobs = Array.from({ length: SEGMENTS_MAX + 2 }, (_, n) => `ts:${n}`);
  // Each save writes a segment; all of these were opened before there were too many.
  const caches = await Promise.all(blobs.map(() => BlobCache.open(directory)));
  for (const [n, cache] of caches.entries()) {
    cache.set(`ts:${n}`, [{ key: `${n}`, tokens: 3, startLine: 1, endLine: 1, probes: [0] }]);
    await cache.save();
  }
  expect(await readdir(directory)).toHaveLength(SEGMENTS_MAX + 2);
  await run(['ts:new']);
  expect(await readdir(directory)).toHaveLength(1);
  const cache = await BlobCache.open(directory);
  for (const key of [...blobs, 'ts:new']) expect(cache.get(key)).not.toBeNull();
  await run(['ts:newer']);
  expect(await readdir(directory)).toHaveLength(2);
});
