import fc from 'fast-check';
import { expect, test } from 'vitest';
import { integratedLufs, kWeightingAt, matchingGains } from './loudness.ts';

function sine(hz: number, peak: number, seconds: number, rateHz: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * rateHz) },
    (_, i) => peak * Math.sin((2 * Math.PI * hz * i) / rateHz),
  );
}

const dbfs = (db: number): number => 10 ** (db / 20);

test('the filters at 48 kHz are those of the table in ITU-R BS.1770', () => {
  const { shelf, highPass } = kWeightingAt(48_000);
  const near = (values: readonly number[], table: readonly number[]) =>
    expect(values.map((value, i) => value - (table[i] ?? 0)).every((off) => Math.abs(off) < 1e-10)).toBe(
      true,
    );
  near(shelf.b, [1.53512485958697, -2.69169618940638, 1.19839281085285]);
  near(shelf.a, [-1.69065929318241, 0.73248077421585]);
  near(highPass.b, [1, -2, 1]);
  near(highPass.a, [-1.99004745483398, 0.99007225036621]);
});

test.each([48_000, 44_100, 96_000])('a 997 Hz sine of full scale at %d Hz measures −3.01 LUFS', (rateHz) => {
  expect(integratedLufs(sine(997, 1, 5, rateHz), rateHz)).toBeCloseTo(-3.01, 2);
});

test('a sine of −23 dBFS measures −26.01 in one channel, 3.01 below what two channels of it do (EBU Tech 3341, case 1)', () => {
  expect(integratedLufs(sine(1000, dbfs(-23), 5, 48_000), 48_000)).toBeCloseTo(-26.01, 1);
});

test('what is far below the rest is gated away (EBU Tech 3341, case 3)', () => {
  const parts = [
    [10, -36],
    [60, -23],
    [10, -36],
  ].map(([seconds = 0, db = 0]) => sine(1000, dbfs(db), seconds, 48_000));
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  expect(integratedLufs(joined, 48_000)).toBeCloseTo(-26.01, 1);
});

test('silence has no loudness, nor has nothing; what is shorter than a block has', () => {
  expect(integratedLufs(new Float32Array(48_000), 48_000)).toBeNull();
  expect(integratedLufs(new Float32Array(0), 48_000)).toBeNull();
  expect(integratedLufs(sine(997, 1, 0.2, 48_000), 48_000)).toBeCloseTo(-3.01, 1);
});

test('after matching all are as loud as the quietest was, and none is made louder', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 0, noNaN: true }), { minLength: 2, maxLength: 3 }),
      (levels) => {
        const lufs = levels.map((db) => integratedLufs(sine(440, dbfs(db), 0.5, 8_000), 8_000));
        const gains = matchingGains(lufs);
        const matched = lufs.map((each, i) => (each ?? 0) + 20 * Math.log10(gains[i] ?? 0));
        for (const each of matched) expect(each).toBeCloseTo(Math.min(...matched), 6);
        expect(Math.max(...gains)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 30 },
  );
  expect(matchingGains([null, -20])).toEqual([1, 1]);
});
