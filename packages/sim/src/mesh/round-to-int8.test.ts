import { chunkVerdict, compareChunk } from '@jamnet/mesh';
import { chunkOf } from '@jamnet/mesh/chunks';
import { expect, test } from 'vitest';
import { roundOneChunkToInt8 } from './round-to-int8.ts';

test('spoils exactly one chunk of a float result, to some 40 dB', () => {
  const samples = Float32Array.from({ length: 800 }, (_, n) => Math.sin(n * 0.1) * (0.2 + n / 2000));
  const truth = new Uint8Array(samples.buffer);
  const lied = roundOneChunkToInt8('take.repair', truth);
  const tolerance = { rule: 'snr', decibelMin: 110 } as const;
  const found = Array.from({ length: 8 }, (_, chunk) =>
    compareChunk(tolerance, chunk, chunkOf(truth, 8, chunk), chunkOf(lied, 8, chunk)),
  );
  expect(
    found.map((agreement) => chunkVerdict(tolerance, agreement)).filter((verdict) => verdict === 'fake'),
  ).toHaveLength(1);
  expect(found.at(-1)?.milliDecibel).toBeGreaterThan(30_000);
  expect(found.at(-1)?.milliDecibel).toBeLessThan(60_000);
});
