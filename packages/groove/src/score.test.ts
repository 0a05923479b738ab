import { expect, test } from 'vitest';
import { writeOffsets } from './laplace.ts';
import { crpsOfPinball, pinball } from './score.ts';

test('the CRPS of nine deciles is that of the whole Laplace forecast, less what lies beyond the outer ones', () => {
  const scaleMs = 16;
  const deciles = new Int16Array(9);
  writeOffsets(0, 10 * 1000 * scaleMs, deciles, 0);
  let [own, exact] = [0, 0];
  // What is played follows the forecast: distances at evenly spaced quantiles of the same law.
  for (let i = 0; i < 1000; i++) {
    const distanceMs = -scaleMs * Math.log(1 - (i + 0.5) / 1000);
    own += crpsOfPinball(pinball(Math.round(10 * distanceMs), deciles, 0), 10);
    // Closed form for a Laplace forecast (Jordan, Krüger, Lerch 2019, appendix A.3).
    exact += distanceMs + scaleMs * Math.exp(-distanceMs / scaleMs) - 0.75 * scaleMs;
  }
  expect(own / exact).toBeLessThan(1);
  expect(own / exact).toBeGreaterThan(0.96);
});

test('a forecast that says exactly what is played has no CRPS, one that misses by a constant has that constant', () => {
  const sure = new Int16Array(9).fill(50);
  expect(crpsOfPinball(pinball(50, sure, 0), 10)).toBe(0);
  expect(crpsOfPinball(pinball(50 + 70, sure, 0), 10)).toBeCloseTo(0.9 * 7, 10);
});
