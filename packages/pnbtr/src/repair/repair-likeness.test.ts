import { expect, test } from 'vitest';
import { interpolationGain } from './interpolate.ts';
import { repairSpans } from './repair.ts';
import { repairCostFlops } from './repair-cost.ts';
import { LIKENESS_REACH_FRAMES, Likeness } from './repair-likeness.ts';

const LOOP_FRAMES = 7_001;
const small = { order: 64, contextFrames: 1024 };

/** White noise of ±0.5 by a linear congruence: nothing but its own repetition tells how it goes on. */
function noise(frames: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

function looped(times: number, seed = 1): Float64Array {
  const loop = noise(LOOP_FRAMES, seed);
  return Float64Array.from({ length: times * LOOP_FRAMES }, (_, n) => loop[n % LOOP_FRAMES] ?? 0);
}

function errorDb(truth: Float64Array, mended: ArrayLike<number>, atSample: number, frames: number): number {
  let [error, energy] = [0, 0];
  for (let n = atSample; n < atSample + frames; n++) {
    error += ((truth[n] ?? 0) - (mended[n] ?? 0)) ** 2;
    energy += (truth[n] ?? 0) ** 2;
  }
  return 10 * Math.log10(error / energy);
}

test.each([2_000, 2 * LOOP_FRAMES - 3_000])(
  'a hole at %d in noise that is heard a second time, before or after, is mended from there',
  (atSample) => {
    const truth = looped(2);
    const mended = repairSpans(Float32Array.from(truth), [{ atSample, frames: 256 }], small);
    expect(errorDb(truth, mended, atSample, 256)).toBeLessThan(-30);
  },
);

test('a place whose own middle is a hole is not taken', () => {
  const truth = looped(2);
  const spans = [
    { atSample: 2_000, frames: 256 },
    { atSample: 2_000 + LOOP_FRAMES, frames: 256 },
  ];
  const holed = truth.slice();
  for (const { atSample, frames } of spans) holed.fill(0, atSample, atSample + frames);
  const [span] = spans;
  const like = span === undefined ? null : new Likeness(holed, spans).of(span);
  expect(like?.error ?? 1).toBeGreaterThan(0.01);
});

test('noise that is never heard again is made no louder than silence', () => {
  const truth = noise(14_000, 7);
  const mended = repairSpans(Float32Array.from(truth), [{ atSample: 6_000, frames: 256 }], small);
  expect(errorDb(truth, mended, 6_000, 256)).toBeLessThan(0.5);
});

test('the expected error of a fill is that of the conditional mean: 1 / (1 + a²) for one sample of a first-order model', () => {
  expect(interpolationGain(1, Float64Array.of(1, -0.9))).toBeCloseTo(1 / 1.81, 12);
  // Two samples: inverse of [[1.81, −0.9], [−0.9, 1.81]].
  expect(interpolationGain(2, Float64Array.of(1, -0.9))).toBeCloseTo(1.81 / (1.81 ** 2 - 0.81), 12);
});

test('a search is paid by the length of the take, up to its reach', () => {
  expect(repairCostFlops(128, {}, 88_200)).toBeLessThan(repairCostFlops(128));
  expect(repairCostFlops(128, {}, 4 * LIKENESS_REACH_FRAMES)).toBe(repairCostFlops(128));
});
