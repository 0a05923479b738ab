import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repairSpans } from './repair.ts';
import { repairCostFlops } from './repair-cost.ts';

const small = { order: 64, contextFrames: 1024, rounds: 2 };
const tones = Float32Array.from(
  { length: 6000 },
  (_, n) => 0.3 * Math.sin(n * 0.11) * Math.exp(-n / 9000) + 0.2 * Math.sin(n * 0.71 + 1),
);

function errorDb(repaired: Float32Array, spans: readonly { atSample: number; frames: number }[]): number {
  let [error, energy] = [0, 0];
  for (const { atSample, frames } of spans) {
    for (let n = atSample; n < atSample + frames; n++) {
      error += ((repaired[n] ?? 0) - (tones[n] ?? 0)) ** 2;
      energy += (tones[n] ?? 0) ** 2;
    }
  }
  return 10 * Math.log10(error / energy);
}

test('holes in decaying tones are mended to below −60 dB, whatever stood in them', () => {
  const spans = [
    { atSample: 2000, frames: 128 },
    { atSample: 2600, frames: 256 },
    { atSample: 5900, frames: 100 },
  ];
  const holed = tones.slice();
  for (const { atSample, frames } of spans) holed.fill(Number.NaN, atSample, atSample + frames);
  expect(errorDb(repairSpans(holed, spans.slice(0, 2), small), spans.slice(0, 2))).toBeLessThan(-60);
  expect(errorDb(repairSpans(holed, spans, small), spans)).toBeLessThan(-40);
});

test('samples outside the spans come back bit for bit, inside finite and not louder than around', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 50, maxLength: 400 }),
      fc.nat(400),
      fc.integer({ min: 1, max: 200 }),
      (values, at, length) => {
        const samples = Float32Array.from(values);
        const atSample = at % samples.length;
        const frames = Math.min(length, samples.length - atSample);
        const repaired = repairSpans(samples, [{ atSample, frames }], small);
        expect(repaired.length).toBe(samples.length);
        expect(repaired.subarray(0, atSample)).toEqual(samples.subarray(0, atSample));
        expect(repaired.subarray(atSample + frames)).toEqual(samples.subarray(atSample + frames));
        expect(repaired.every((sample) => Math.abs(sample) <= 2)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('two repairs of the same take agree to the bit', () => {
  const spans = [{ atSample: 3000, frames: 200 }];
  expect(repairSpans(tones, spans, small)).toEqual(repairSpans(tones, spans, small));
});

test('silence around a hole, and a signal that is one hole, give silence', () => {
  expect(
    repairSpans(new Float32Array(3000), [{ atSample: 1000, frames: 300 }], small).every((x) => x === 0),
  ).toBe(true);
  expect(
    repairSpans(Float32Array.of(5, 5, 5), [{ atSample: 0, frames: 3 }], small).every((x) => x === 0),
  ).toBe(true);
});

test.each([
  [
    [
      { atSample: 5, frames: 5 },
      { atSample: 9, frames: 2 },
    ],
  ],
  [[{ atSample: 5999, frames: 2 }]],
  [[{ atSample: -1, frames: 2 }]],
  [[{ atSample: 1.5, frames: 2 }]],
  [[{ atSample: 1, frames: 0 }]],
])('spans %j that overlap, leave the signal or are not whole are our mistake', (spans) => {
  expect(() => repairSpans(tones, spans, small)).toThrow('spans');
});

test('the cost of a repair is an integer that grows with its sizes and is pinned', () => {
  expect(repairCostFlops(128)).toBe(89_992_448n);
  expect(repairCostFlops(256)).toBeGreaterThan(repairCostFlops(128));
  expect(repairCostFlops(128, { order: 512 })).toBeLessThan(repairCostFlops(128));
});
