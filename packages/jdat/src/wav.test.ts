import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeWav } from './wav-decode.ts';
import { encodeWav } from './wav-encode.ts';

const samplesOf = (length: number) =>
  fc.array(fc.float({ min: -1, max: Math.fround(0.99996), noNaN: true }), {
    minLength: length,
    maxLength: length,
  });

test('a WAV of any sound comes back within half a step of its word length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 50 }).chain((n) => fc.array(samplesOf(n), { minLength: 1, maxLength: 3 })),
      fc.constantFrom(16 as const, 24 as const),
      (channels, bitsPerSample) => {
        const pcm = { sampleRateHz: 44_100, channels: channels.map((c) => Float32Array.from(c)) };
        const decoded = decodeWav(encodeWav(pcm, { bitsPerSample }));
        if (!decoded.ok) throw new Error(decoded.message);
        expect(decoded.value.channels.length).toBe(channels.length);
        decoded.value.channels.forEach((channel, c) => {
          expect(channel.length).toBe(channels[c]?.length);
          channel.forEach((sample, i) => {
            const error = Math.abs(sample - (channels[c]?.[i] ?? 0));
            expect(error).toBeLessThanOrEqual(0.5 / 2 ** (bitsPerSample - 1) + 2 ** -24);
          });
        });
      },
    ),
  );
});

test('encoding what was decoded gives the same bytes', () => {
  const bytes = encodeWav(
    { sampleRateHz: 48_000, channels: [Float32Array.of(0, 0.5, -1, 0.25)] },
    { bitsPerSample: 24 },
  );
  const decoded = decodeWav(bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  expect(encodeWav(decoded.value, { bitsPerSample: 24 })).toEqual(bytes);
});

test('samples beyond full scale are clipped, never wrapped', () => {
  const loud = { sampleRateHz: 48_000, channels: [Float32Array.of(3, -3, Number.NaN)] };
  const decoded = decodeWav(encodeWav(loud, { bitsPerSample: 16 }));
  if (!decoded.ok) throw new Error(decoded.message);
  expect([...(decoded.value.channels[0] ?? [])]).toEqual([32767 / 32768, -1, 0]);
});

/** A header with the given `fmt ` members in front of `data`. */
function wav(
  format: { tag: number; channels: number; rate: number; bits: number; block?: number },
  data: Uint8Array,
): Uint8Array {
  const bytes = encodeWav(
    { sampleRateHz: 8_000, channels: [new Float32Array(Math.ceil(data.length / 2))] },
    { bitsPerSample: 16 },
  );
  const view = new DataView(bytes.buffer);
  view.setUint16(20, format.tag, true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, format.rate, true);
  view.setUint16(32, format.block ?? (format.channels * format.bits) / 8, true);
  view.setUint16(34, format.bits, true);
  bytes.set(data, 44);
  return bytes;
}

const good = { tag: 1, channels: 1, rate: 48_000, bits: 16 };
const four = Uint8Array.of(0, 0, 0, 64);

/** A good file with one byte of a chunk name overwritten. */
function damaged(at: number): Uint8Array {
  const bytes = wav(good, four);
  bytes[at] = 120;
  return bytes;
}

test('reads float32 and int32 samples', () => {
  const float = new Uint8Array(new Float32Array([0.75]).buffer);
  const a = decodeWav(wav({ ...good, tag: 3, bits: 32 }, float));
  const b = decodeWav(wav({ ...good, bits: 32 }, four));
  expect(a.ok && a.value.channels[0]?.[0]).toBe(0.75);
  expect(b.ok && b.value.channels[0]?.[0]).toBe(0.5);
});

test.each([
  ['wav-not-riff', Uint8Array.of(1, 2, 3)],
  ['wav-not-riff', new Uint8Array(100)],
  ['wav-no-format', damaged(12)],
  ['wav-no-data', damaged(36)],
  ['wav-coding-unsupported', wav({ ...good, bits: 8 }, four)],
  ['wav-coding-unsupported', wav({ ...good, tag: 85 }, four)],
  ['wav-channels-unsupported', wav({ ...good, channels: 9 }, four)],
  ['wav-channels-unsupported', wav({ ...good, channels: 0 }, four)],
  ['wav-rate-unsupported', wav({ ...good, rate: 7_999 }, four)],
  ['wav-rate-unsupported', wav({ ...good, rate: 192_001 }, four)],
  ['wav-inconsistent', wav({ ...good, block: 4 }, four)],
  ['wav-not-finite', wav({ ...good, tag: 3, bits: 32 }, Uint8Array.of(0, 0, 0xc0, 0x7f))],
] as const)('a damaged or foreign file is refused with %s', (code, bytes) => {
  expect(decodeWav(bytes)).toMatchObject({ ok: false, code });
});

test('a data chunk cut short counts as far as it goes', () => {
  const bytes = wav(good, Uint8Array.of(0, 64, 0, 32, 0, 16)).subarray(0, 44 + 5);
  const decoded = decodeWav(bytes);
  expect(decoded.ok && [...(decoded.value.channels[0] ?? [])]).toEqual([0.5, 0.25]);
});

test('any bytes get an answer, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 0, max: 45 }), (noise, at) => {
      const bytes = wav(good, four);
      bytes.set(noise.subarray(0, bytes.length - at), at);
      expect(typeof decodeWav(bytes).ok).toBe('boolean');
      expect(typeof decodeWav(noise).ok).toBe('boolean');
    }),
  );
});
