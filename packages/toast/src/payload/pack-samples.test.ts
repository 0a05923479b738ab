import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SamplePacker } from './pack-samples.ts';

function roundTrip(samples: Int32Array, sampleBytes: number): { bytes: number; back: Int32Array } {
  const packer = new SamplePacker();
  const target = new Uint8Array(4096).fill(255);
  const bytes = packer.pack(samples, 0, samples.length, sampleBytes, target, 5, 4000);
  const back = new Int32Array(samples.length);
  expect(bytes).toBeGreaterThan(0);
  expect(packer.unpack(target, 5, bytes, sampleBytes, back, 0, samples.length)).toBe(true);
  return { bytes, back };
}

test.each([2, 3])('any samples of %d bytes come back exactly', (sampleBytes) => {
  const limit = 2 ** (8 * sampleBytes - 1);
  const sample = fc.oneof(
    fc.integer({ min: -limit, max: limit - 1 }),
    fc.constantFrom(-limit, limit - 1, 0),
    fc.integer({ min: -20, max: 20 }),
  );
  fc.assert(
    fc.property(fc.array(sample, { minLength: 16, maxLength: 128 }), (values) => {
      const samples = Int32Array.from(values);
      expect(roundTrip(samples, sampleBytes).back).toEqual(samples);
    }),
  );
});

test('a tone shrinks to less than half, noise is refused when only less room than PCM is given', () => {
  const tone = Int32Array.from({ length: 64 }, (_, i) => Math.round(8000 * Math.sin(i * 0.13)));
  expect(roundTrip(tone, 2).bytes).toBeLessThan(64);
  const noise = Int32Array.from({ length: 64 }, (_, i) => ((i * 2654435761) % 65536) - 32768);
  expect(new SamplePacker().pack(noise, 0, 64, 2, new Uint8Array(128), 0, 127)).toBe(0);
});

test('random bytes never throw, never write past the packet, and give samples in range or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(2, 3), (bytes, sampleBytes) => {
      if (bytes.length > 1) bytes[0] = (bytes[0] ?? 0) % 6;
      if (bytes.length > 1) bytes[1] = (bytes[1] ?? 0) % 25;
      const target = new Int32Array(66).fill(12345);
      const isFine = new SamplePacker().unpack(bytes, 0, bytes.length, sampleBytes, target, 1, 64);
      expect([target[0], target[65]]).toEqual([12345, 12345]);
      const limit = 2 ** (8 * sampleBytes - 1);
      if (isFine)
        for (const value of target.subarray(1, 65)) expect(Math.abs(value + 0.5)).toBeLessThan(limit);
    }),
  );
});
