import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFlac } from './flac-decode.ts';
import { FlacEncoder } from './flac-encode.ts';
import { decodeFlacFrame } from './frame-decode.ts';
import { encodeFlacFrame } from './frame-encode.ts';

const DEFAULTS = { sampleRateHz: 48_000, bits: 16 };

/** Silence, tones, noise, full-scale squares and steps, in samples of `bits`. */
const anySound = (bits: 16 | 24): fc.Arbitrary<Int32Array> => {
  const top = 2 ** (bits - 1) - 1;
  return fc
    .record({
      kind: fc.constantFrom('silence', 'tone', 'noise', 'square', 'constant'),
      frames: fc.integer({ min: 1, max: 700 }),
      noise: fc.array(fc.integer({ min: -top - 1, max: top }), { minLength: 1, maxLength: 60 }),
    })
    .map(({ kind, frames, noise }) =>
      Int32Array.from({ length: frames }, (_, i) => {
        if (kind === 'silence') return 0;
        if (kind === 'constant') return noise[0] ?? 0;
        if (kind === 'tone') return Math.round(0.8 * top * Math.sin(i / 11 + (noise[0] ?? 0)));
        if (kind === 'square') return i % 7 < 3 ? top : -top - 1;
        return noise[(i * i) % noise.length] ?? 0;
      }),
    );
};

const anyBits = fc.constantFrom(16 as const, 24 as const);

test('a frame of any sound decodes to the same samples at the same place', () => {
  fc.assert(
    fc.property(
      anyBits.chain((bits) => fc.tuple(fc.constant(bits), anySound(bits))),
      fc.integer({ min: 0, max: 2 ** 36 - 1 }),
      fc.constantFrom(8_000, 44_100, 48_000, 96_000, 192_000),
      ([bits, samples], number, sampleRateHz) => {
        const place = { by: 'sample' as const, number };
        const bytes = encodeFlacFrame({ samples, bits, sampleRateHz, place });
        const decoded = decodeFlacFrame(bytes, 0, 700, DEFAULTS);
        expect(decoded).toEqual({
          ok: true,
          value: { channels: [samples], bits, sampleRateHz, place, end: bytes.length },
        });
      },
    ),
  );
});

test('a bit turned anywhere in a frame is noticed', () => {
  const samples = Int32Array.from({ length: 200 }, (_, i) => Math.round(9000 * Math.sin(i / 9)));
  const bytes = encodeFlacFrame({
    samples,
    bits: 16,
    sampleRateHz: 48_000,
    place: { by: 'sample', number: 5 },
  });
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const turned = bytes.slice();
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (128 >> (bit & 7));
    expect(decodeFlacFrame(turned, 0, 65_536, DEFAULTS).ok).toBe(false);
  }
});

test('any bytes get an answer, never an exception, with checksums right or wrong', () => {
  const frame = encodeFlacFrame({
    samples: Int32Array.from({ length: 64 }, (_, i) => i * i),
    bits: 24,
    sampleRateHz: 48_000,
    place: { by: 'sample', number: 0 },
  });
  const file = flacFile([Int32Array.from({ length: 90 }, (_, i) => i)], 16);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat(120), (noise, at) => {
      for (const whole of [frame, file]) {
        const mixed = whole.slice();
        mixed.set(noise.subarray(0, Math.max(0, mixed.length - at)), Math.min(at, mixed.length));
        expect(typeof decodeFlacFrame(mixed, 0, 4096, DEFAULTS).ok).toBe('boolean');
        expect(typeof decodeFlac(mixed, () => undefined).ok).toBe('boolean');
      }
      expect(typeof decodeFlac(noise, () => undefined).ok).toBe('boolean');
    }),
  );
});

function flacFile(parts: readonly Int32Array[], bits: 16 | 24): Uint8Array {
  const encoder = new FlacEncoder({ bits, sampleRateHz: 48_000 });
  const frames = [...parts.flatMap((part) => encoder.add(part)), ...encoder.end()];
  return Uint8Array.from([encoder.header(), ...frames].flatMap((each) => [...each]));
}

function soundOf(bytes: Uint8Array): number[] {
  const samples: number[] = [];
  const decoded = decodeFlac(bytes, ([channel = new Int32Array()]) => samples.push(...channel));
  if (!decoded.ok) throw new Error(decoded.message);
  return samples;
}

test('a file written in any pieces gives the sound back, its MD5 fitting', () => {
  fc.assert(
    fc.property(
      anyBits.chain((bits) =>
        fc.tuple(fc.constant(bits), fc.array(anySound(bits), { minLength: 1, maxLength: 12 })),
      ),
      ([bits, parts]) => {
        expect(soundOf(flacFile(parts, bits))).toEqual(parts.flatMap((part) => [...part]));
      },
    ),
    { numRuns: 40 },
  );
});

const good = flacFile([Int32Array.from({ length: 5000 }, (_, i) => (i * 37) % 1000)], 16);
const changed = (at: number, value: number): Uint8Array => good.map((byte, i) => (i === at ? value : byte));

test.each([
  ['flac-not-flac', changed(0, 0)],
  ['flac-not-flac', good.slice(0, 7)],
  ['flac-header-malformed', good.slice(0, 40)],
  ['flac-header-malformed', changed(4, 0x81)],
  ['flac-header-malformed', changed(18, 0)],
  ['flac-bits-unsupported', changed(21, (good[21] ?? 0) ^ 0x10)],
  ['flac-frame-malformed', changed(42, 0)],
  ['flac-frame-damaged', changed(200, 77)],
  ['flac-frame-malformed', good.slice(0, 300)],
  ['flac-cut-short', good.slice(0, secondFrame())],
  ['flac-md5-differs', changed(30, (good[30] ?? 0) ^ 1)],
] as const)('a damaged file is refused with %s', (code, bytes) => {
  expect(decodeFlac(bytes, () => undefined)).toMatchObject({ ok: false, code });
});

function secondFrame(): number {
  const first = decodeFlacFrame(good, 42, 4096, DEFAULTS);
  if (!first.ok) throw new Error(first.message);
  return first.value.end;
}

test('a frame longer than its reader allows is refused before it is decoded', () => {
  expect(decodeFlacFrame(good, 42, 4095, DEFAULTS)).toMatchObject({ ok: false, code: 'flac-frame-too-long' });
});
