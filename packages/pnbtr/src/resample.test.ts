import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resample } from './resample.ts';
import { Resampler } from './resampler.ts';

const sine = (hz: number, rate: number, frames: number): Float32Array =>
  Float32Array.from({ length: frames }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate));

/** Power of `output` minus the best fit of a sine of `hz`, over the power of a full-scale sine, in dB. */
function residueDb(output: Float32Array, hz: number, rate: number, margin: number): number {
  let [ss, sc, cc, ys, yc, yy] = [0, 0, 0, 0, 0, 0];
  for (let n = margin; n < output.length - margin; n++) {
    const [s, c, y] = [
      Math.sin((2 * Math.PI * hz * n) / rate),
      Math.cos((2 * Math.PI * hz * n) / rate),
      output[n] ?? 0,
    ];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    ys += y * s;
    yc += y * c;
    yy += y * y;
  }
  const determinant = ss * cc - sc * sc;
  const explained = (ys * (cc * ys - sc * yc) + yc * (ss * yc - sc * ys)) / determinant;
  return 10 * Math.log10(Math.max(yy - explained, 1e-30) / ss);
}

function powerDb(output: Float32Array, margin: number): number {
  const inner = output.subarray(margin, output.length - margin);
  return 10 * Math.log10((2 * inner.reduce((sum, y) => sum + y * y, 0)) / inner.length + 1e-30);
}

test.each([
  [44_100, 48_000],
  [48_000, 44_100],
  [96_000, 48_000],
])(
  '%i → %i Hz keeps tones in their place with 100 dB of purity, and takes out what would alias',
  (from, to) => {
    const low = Math.min(from, to);
    for (const hz of [100, 997, 0.44 * low]) {
      const out = resample(sine(hz, from, 8000), from, to);
      const expected = sine(hz, to, out.length);
      const worst = out
        .subarray(600, -600)
        .reduce((w, y, i) => Math.max(w, Math.abs(y - (expected[i + 600] ?? 0))), 0);
      expect(worst).toBeLessThan(2e-5);
      expect(residueDb(out, hz, to, 600)).toBeLessThan(-100);
    }
    if (to < from) expect(powerDb(resample(sine(0.52 * to, from, 8000), from, to), 600)).toBeLessThan(-100);
  },
);

test('the length follows the rates, and equal rates give a copy', () => {
  fc.assert(
    fc.property(
      fc.nat(500),
      fc.constantFrom(44_100, 48_000, 22_050),
      fc.constantFrom(44_100, 48_000, 32_000),
      (n, from, to) => {
        expect(resample(new Float32Array(n), from, to).length).toBe(Math.ceil((n * to) / from));
      },
    ),
  );
  const samples = sine(440, 48_000, 50);
  expect(resample(samples, 48_000, 48_000)).toEqual(samples);
});

/** Runs a stream through in pieces; the output in one array. */
function stream(resampler: Resampler, input: Float32Array, piece: number): Float32Array {
  const out: number[] = [];
  const pulled = new Float32Array(37);
  for (let at = 0; at < input.length; at += piece) {
    expect(resampler.push(input.subarray(at, at + piece))).toBe(Math.min(piece, input.length - at));
    for (let made = resampler.pull(pulled); made > 0; made = resampler.pull(pulled))
      out.push(...pulled.subarray(0, made));
  }
  return Float32Array.from(out);
}

test.each([-300, 0, 200])('bent by %i ppm, a stream changes its pitch by just that, 100 dB pure', (ppm) => {
  const resampler = new Resampler({ fromHz: 48_000, toHz: 48_000, pushMax: 128 });
  resampler.setPpm(ppm);
  const out = stream(resampler, sine(5_000, 48_000, 20_000), 128);
  expect(out.length).toBeCloseTo((20_000 - 32) / (1 + ppm / 1e6), -1);
  expect(residueDb(out, 5_000 * (1 + ppm / 1e6), 48_000, 200)).toBeLessThan(-100);
});

test('the same stream in other pieces gives the same samples', () => {
  const input = sine(1_000, 44_100, 3_000);
  const a = stream(new Resampler({ fromHz: 44_100, toHz: 48_000, pushMax: 256 }), input, 256);
  const b = stream(new Resampler({ fromHz: 44_100, toHz: 48_000, pushMax: 256 }), input, 17);
  expect(b).toEqual(a);
});

test('a stream that nobody pulls is refused past its limit, and available tells what a pull gives', () => {
  const resampler = new Resampler({ fromHz: 48_000, toHz: 44_100, pushMax: 64 });
  let fitted = 64;
  for (let i = 0; i < 20 && fitted === 64; i++) fitted = resampler.push(new Float32Array(64));
  expect(fitted).toBeLessThan(64);
  const promised = resampler.available;
  expect(promised).toBeGreaterThan(0);
  expect(resampler.pull(new Float32Array(1000))).toBe(promised);
  expect(resampler.available).toBe(0);
});
