import { expect, test } from 'vitest';
import { type Rendering, renderSide, trimmedSamples } from './render-side.ts';

const RATE_HZ = 8000;
const sound = Float32Array.from({ length: RATE_HZ }, (_, i) => 0.5 * Math.sin(i / 7));
const rendering = (more: Partial<Rendering>): Rendering => ({
  secret: new Uint8Array(32).fill(3),
  pair: 'a pair',
  side: 'a',
  sampleRateHz: RATE_HZ,
  ...more,
});
const bytesOf = (samples: Float32Array) =>
  Int16Array.from(samples, (sample) => Math.round(32_767 * sample)).join();

test('the same version differs in its bytes on each side, in each pair and of each studio; the same side is the same again', () => {
  const all = [
    rendering({}),
    rendering({ side: 'b' }),
    rendering({ side: 'x' }),
    rendering({ pair: 'another' }),
    rendering({ secret: new Uint8Array(32).fill(4) }),
  ].map((one) => bytesOf(renderSide(sound, one)));
  expect(new Set(all).size).toBe(all.length);
  expect(bytesOf(renderSide(sound, rendering({})))).toBe(all[0]);
});

test('silence, where nothing arrived, is no row of zeros that a machine would find', () => {
  const rendered = Int16Array.from(renderSide(new Float32Array(RATE_HZ), rendering({})), (sample) =>
    Math.round(32_767 * sample),
  );
  expect(rendered.filter((sample) => sample !== 0).length).toBeGreaterThan(rendered.length / 10);
  expect(Math.max(...rendered.map(Math.abs))).toBeLessThanOrEqual(1);
});

test('sides of a pair begin at one place and are equally long, and none is more than a tenth of a decibel louder', () => {
  const [a, b] = [renderSide(sound, rendering({})), renderSide(sound, rendering({ side: 'b' }))];
  expect([a.length, b.length]).toEqual([sound.length - trimmedSamples(RATE_HZ), a.length]);
  const at = (samples: Float32Array, lag: number) =>
    samples.slice(100, 400).reduce((sum, sample, i) => sum + sample * (b[100 + i + lag] ?? 0), 0);
  expect(at(a, 0)).toBeGreaterThan(Math.max(at(a, 1), at(a, -1)));
  const energy = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);
  const originals = sound.slice(0, a.length);
  for (const side of [a, b])
    expect(Math.abs(10 * Math.log10(energy(side) / energy(originals)))).toBeLessThan(0.15);
});

test('what is already at full scale stays within it', () => {
  const loud = renderSide(new Float32Array(500).fill(1), rendering({}));
  expect(loud.every((sample) => sample <= 1)).toBe(true);
});
