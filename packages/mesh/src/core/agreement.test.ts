import { expect, test } from 'vitest';
import { chunkVerdict, compareChunk, type Tolerance } from './agreement.ts';

const FLOAT: Tolerance = { rule: 'snr', decibelMin: 110 };

function bytes(samples: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(samples).buffer);
}

const TRUTH = Array.from({ length: 256 }, (_, n) => Math.sin(n * 0.37));

/** Noise of alternating sign that lies `decibel` below the truth. */
function withNoise(decibel: number): Uint8Array {
  const power = TRUTH.reduce((sum, sample) => sum + sample * sample, 0) / TRUTH.length;
  const noise = Math.sqrt(power / 10 ** (decibel / 10));
  const view = new DataView(bytes(TRUTH).buffer);
  const out = bytes(TRUTH);
  for (let n = 0; n < TRUTH.length; n++) {
    new DataView(out.buffer).setFloat32(4 * n, view.getFloat32(4 * n, true) + (n % 2 ? noise : -noise), true);
  }
  return out;
}

test.each([
  ['the same bytes', bytes(TRUTH), 'agrees'],
  ['noise at 120 dB', withNoise(120), 'agrees'],
  ['half precision, 94 dB', withNoise(94), 'precision'],
  ['int8, 45 dB', withNoise(45), 'fake'],
  ['silence', bytes(TRUTH.map(() => 0)), 'fake'],
  ['one sample too few', bytes(TRUTH.slice(1)), 'fake'],
  ['a byte too few', bytes(TRUTH).subarray(1), 'fake'],
  ['nothing', new Uint8Array(), 'fake'],
  ['NaN', bytes(TRUTH.map((sample, n) => (n === 7 ? Number.NaN : sample))), 'fake'],
  ['infinity', bytes(TRUTH.map((sample, n) => (n === 7 ? Number.POSITIVE_INFINITY : sample))), 'fake'],
])('judges %s', (_, claimed, verdict) => {
  expect(chunkVerdict(FLOAT, compareChunk(FLOAT, 0, bytes(TRUTH), claimed))).toBe(verdict);
});

test('reports the ratio it found', () => {
  expect(compareChunk(FLOAT, 3, bytes(TRUTH), withNoise(41)).milliDecibel).toBeCloseTo(41_000, -2);
});

test('takes silence for silence only', () => {
  const silence = bytes([0, 0, 0]);
  expect(chunkVerdict(FLOAT, compareChunk(FLOAT, 0, silence, silence))).toBe('agrees');
  expect(chunkVerdict(FLOAT, compareChunk(FLOAT, 0, silence, bytes([0, 1e-9, 0])))).toBe('fake');
});

test('wants every bit of an exact kind', () => {
  const claimed = Uint8Array.of(1, 2, 3, 5);
  expect(
    chunkVerdict({ rule: 'exact' }, compareChunk({ rule: 'exact' }, 0, Uint8Array.of(1, 2, 3, 4), claimed)),
  ).toBe('fake');
});
