import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@jamnet/jdat';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PEAKS_KEPT_MAX, PeaksCache } from './peaks-cache.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-peaks-'));
  file = join(directory, 'heard.wav');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(...samples: number[]): void {
  const channels = [Float32Array.from(samples)];
  writeFileSync(file, encodeWav({ sampleRateHz: 48_000, channels }, { bitsPerSample: 16 }));
}

test('the second look at a file decodes nothing', () => {
  write(0.5, -0.5, 0.25);
  const cache = new PeaksCache();
  const first = cache.of(file, 3);
  expect(first).toMatchObject({ value: { sampleRateHz: 48_000, frames: 3 } });
  expect(cache.of(file, 3)).toEqual(first);
  expect(cache.decoded).toBe(1);
  expect(cache.of(file, 1)).toMatchObject({ value: { peaks: [-0.5, 0.5] } });
  expect(cache.decoded).toBe(2);
});

test('a file that was written anew is drawn anew, also at the same length', () => {
  write(0.5);
  const cache = new PeaksCache();
  cache.of(file, 1);
  rmSync(file);
  write(0.25);
  expect(cache.of(file, 1)).toMatchObject({ value: { peaks: [0.25, 0.25] } });
});

test('no more drawings are kept than the limit, and the one asked for last stays', () => {
  write(...new Array(PEAKS_KEPT_MAX + 8).fill(0.5));
  const cache = new PeaksCache();
  for (let buckets = 1; buckets <= PEAKS_KEPT_MAX; buckets++) cache.of(file, buckets);
  cache.of(file, 1);
  cache.of(file, PEAKS_KEPT_MAX + 1);
  expect([cache.size, cache.decoded]).toEqual([PEAKS_KEPT_MAX, PEAKS_KEPT_MAX + 1]);
  cache.of(file, 1);
  expect(cache.decoded).toBe(PEAKS_KEPT_MAX + 1);
  cache.of(file, 2);
  expect(cache.decoded).toBe(PEAKS_KEPT_MAX + 2);
});

test('a file that is no WAV is refused and not kept', () => {
  writeFileSync(file, 'no sound');
  const cache = new PeaksCache();
  expect(cache.of(file, 3).ok).toBe(false);
  expect(cache.size).toBe(0);
});
