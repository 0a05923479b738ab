import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { SHIPPED_BLEND } from '../blend-weights.ts';
import { BLEND_GATE_POLICY, blendVerdictOn, type HeldOutSound, judgeBlend } from './judge-blend.ts';

const POLICY = { ...BLEND_GATE_POLICY, soundsMin: 4 };

/** Two fifths of a second of a tone in noise, other for each name. */
function soundOf(name: string): HeldOutSound {
  const chance = seededChance(name);
  const step = 0.1 + 0.1 * chance.unit();
  const samples = Float32Array.from(
    { length: 6400 },
    (_, n) => 0.3 * Math.sin(step * n) + 0.02 * (chance.unit() - 0.5),
  );
  return { sampleRateHz: 16_000, samples };
}
const SOUNDS = ['a', 'b', 'c', 'd', 'e', 'f'].map(soundOf);
const QUIET = SHIPPED_BLEND.slice();
QUIET[8] = -14;
const judged = (candidate: Float64Array, released: Float64Array, sounds = SOUNDS) =>
  judgeBlend(POLICY, { candidate, released }, sounds, 64);

test('the better mixture passes with its gain, the worse one is refused, and the same one gains nothing', () => {
  const better = judged(SHIPPED_BLEND, QUIET);
  expect(better).toMatchObject({ code: null, sounds: SOUNDS.length });
  expect(better.lowerDb).toBeGreaterThan(1);
  expect(better.candidate.meanFileDb).toBeLessThan(better.released.meanFileDb);
  expect(judged(QUIET, SHIPPED_BLEND).code).toBe('not-better');
  expect(judged(SHIPPED_BLEND, SHIPPED_BLEND)).toMatchObject({ code: 'not-better', gainDb: 0 });
});

test('nothing is decided on too few sounds, and silent ones are none', () => {
  const silence = { sampleRateHz: 16_000, samples: new Float32Array(6400) };
  expect(judged(SHIPPED_BLEND, QUIET, [...SOUNDS.slice(0, 3), silence, silence])).toMatchObject({
    code: 'too-little-held-out',
    sounds: 3,
  });
});

const figures = (meanFileDb: number, pooledDb: number, worseThanSilencePercent: number) => ({
  meanFileDb,
  pooledDb,
  worseThanSilencePercent,
  gaps: 400,
});
test.each([
  ['a gain that is proven', 0.1, 0.01, -5.1, 4, null],
  ['no gain', 0, 0, -5, 4, 'not-better'],
  ['a gain that is no number', Number.NaN, Number.NaN, -5, 4, 'not-better'],
  ['less than is asked for', 0.019, 0.01, -5, 4, 'gain-too-small'],
  ['what chance may have given', 0.1, -0.001, -5, 4, 'not-proven'],
  ['loud sounds worse by 0.06 dB', 0.1, 0.01, -4.94, 4, 'part-worse'],
  ['1.1 points more gaps worse than silence', 0.1, 0.01, -5.1, 5.1, 'part-worse'],
] as const)('%s', (_, gainDb, lowerDb, pooledDb, worse, code) => {
  const measured = { sounds: 20, released: figures(-10, -5, 4), candidate: figures(-10.1, pooledDb, worse) };
  expect(blendVerdictOn(BLEND_GATE_POLICY, { ...measured, gainDb, lowerDb }).code).toBe(code);
});
