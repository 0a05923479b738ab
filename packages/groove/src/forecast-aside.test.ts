import { expect, test } from 'vitest';
import type { Bar } from './bars.ts';
import { ExpectedHits, likelyForecast } from './expected-hits.ts';
import { ForecastAside, type ForetoldBar, UNANSWERED_MAX } from './forecast-aside.ts';
import { gridOf } from './grid.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { house2 } from './house2.ts';

/** A kick on each beat, exactly. */
const barOf = (index: number): Bar => ({
  index,
  hits: [0, 4, 8, 12].map((cell) => ({ cell, offsetUs: 0, velocity: 100 })),
});

/** Elsewhere every stroke is foretold 30 ms late; answers come when `answer` is called. */
function aside() {
  const told: Bar[] = [];
  const came: ForetoldBar[] = [];
  const answer = (barIndex: number): void => {
    const house = house2(HOUSE_PRIORS);
    for (const bar of told) house.observe(bar);
    const forecast = likelyForecast(house, barIndex);
    forecast.offsetTenthMs.fill(300);
    came.push({ barIndex, forecast });
  };
  const elsewhere = { tell: (bar: Bar) => void told.push(bar), take: () => came.shift() ?? null };
  return { told, answer, forecaster: new ForecastAside(HOUSE_PRIORS, elsewhere) };
}

test('a bar is house-2’s until the answer has come, and when the answer is for another bar', () => {
  const { answer, forecaster } = aside();
  const house = house2(HOUSE_PRIORS);
  for (const index of [0, 1, 2]) for (const each of [forecaster, house]) each.observe(barOf(index));
  const by2 = likelyForecast(house, 3);
  expect(forecaster.revision).toBe(0);
  expect(likelyForecast(forecaster, 3)).toEqual(by2);
  answer(2);
  expect(forecaster.revision).toBe(1);
  expect(likelyForecast(forecaster, 3)).toEqual(by2);
  answer(3);
  expect(forecaster.revision).toBe(2);
  expect(likelyForecast(forecaster, 3).offsetTenthMs[4]).toBe(300);
  expect(likelyForecast(forecaster, 3).hitPermille).toEqual(by2.hitPermille);
});

test('an answer in the middle of a bar moves the strokes that are still to come', () => {
  const { answer, forecaster } = aside();
  const grid = gridOf({ tempoMap: [{ beat: 0, usPerBeat: 500_000 }], firstBarOffsetUs: 0 });
  if (!grid.ok) throw new Error(grid.message);
  const expected = new ExpectedHits(grid.value, forecaster);
  for (let beat = 0; beat < 12; beat++) expected.hear(36, beat * 500_000, 100);
  const before = expected.nextUs(36, 6_900_000);
  answer(3);
  const after = expected.nextUs(36, 6_900_000);
  expect(Math.abs((before ?? 0) - 7_000_000)).toBeLessThan(15_000);
  expect(after).toBe(7_030_000);
});

test('a stroke that was still to come sounds at once when the answer has it over already, and is not left out', () => {
  const { answer, forecaster } = aside();
  const grid = gridOf({ tempoMap: [{ beat: 0, usPerBeat: 500_000 }], firstBarOffsetUs: 0 });
  if (!grid.ok) throw new Error(grid.message);
  const expected = new ExpectedHits(grid.value, forecaster);
  for (let beat = 0; beat < 12; beat++) expected.hear(36, beat * 500_000, 100);
  answer(3);
  expect(expected.between(6_900_000, 7_020_000)).toEqual([]);
  answer(2);
  expect(expected.between(7_020_000, 7_030_000)).toMatchObject([{ pitch: 36, atUs: 7_020_000 }]);
  expect(expected.between(7_030_000, 7_400_000)).toEqual([]);
});

test('who never answers is told no more bars than may wait, and not again later', () => {
  const { told, answer, forecaster } = aside();
  for (let index = 0; index <= UNANSWERED_MAX; index++) forecaster.observe(barOf(index));
  expect(told).toHaveLength(UNANSWERED_MAX);
  answer(1);
  expect(forecaster.revision).toBe(1);
  forecaster.observe(barOf(UNANSWERED_MAX + 1));
  expect(told).toHaveLength(UNANSWERED_MAX);
});
