import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { longestExactRun } from './exact-run.ts';
import { quantilesOf } from './quantiles.ts';
import { toneResidualDb } from './tone-residual.ts';

const chance = seededChance('exact-run');
const source = Float32Array.from({ length: 1000 }, () => Math.round((chance.unit() - 0.5) * 30_000) / 32_768);

test('a stretch is found wherever it begins, across the end of the source, up to the first changed sample', () => {
  const heard = Float32Array.from({ length: 600 }, (_, i) => source[(700 + i) % 1000] ?? 0);
  expect(longestExactRun(heard, source)).toBe(600);
  heard[400] = (heard[400] ?? 0) + 1 / 32_768;
  expect(longestExactRun(heard, source)).toBe(400);
  expect(longestExactRun(new Float32Array(100).fill(0.7), source)).toBe(0);
});

test('a tone’s remainder is what was added to it', () => {
  const tone = Float32Array.from(
    { length: 2048 },
    (_, i) => 0.9 * Math.sin((2 * Math.PI * 1000 * i) / 48_000),
  );
  expect(toneResidualDb(tone, 1000, 48_000)).toBeLessThan(-120);
  const noisy = tone.map((sample) => sample + 0.001 * (chance.unit() - 0.5));
  expect(toneResidualDb(noisy, 1000, 48_000)).toBeGreaterThan(-72);
  expect(toneResidualDb(noisy, 1000, 48_000)).toBeLessThan(-60);
});

test('quantiles are values that were seen', () => {
  expect(quantilesOf(Array.from({ length: 1000 }, (_, i) => i))).toEqual({ p50: 500, p99: 990, p999: 999 });
  expect(quantilesOf([])).toEqual({ p50: Number.NaN, p99: Number.NaN, p999: Number.NaN });
});
