import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Onset } from './bars.ts';
import { ExpectedHits } from './expected-hits.ts';
import type { Forecaster } from './forecaster.ts';
import { barLineUs, nearestSixteenth, sixteenthUs } from './grid.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { house2 } from './house2.ts';
import { instrumentOfPitch } from './instruments.ts';
import { decodeModel } from './model/model-file.ts';
import { modelForecaster } from './model/model-forecaster.ts';
import { gridAt120, onsetsOfDrummer } from './testing/drummer.ts';

const PITCHES = [35, 38, 42] as const;
const KICK = 36;
const grid = gridAt120();
const model = decodeModel(readFileSync(new URL('../models/groove-1.model', import.meta.url)));
const makers: [string, () => Forecaster][] = [
  ['house-1', () => house1(HOUSE_PRIORS)],
  ['house-2', () => house2(HOUSE_PRIORS)],
  [
    'the trained model',
    () => {
      if (!model.ok) throw new Error(model.message);
      return modelForecaster(HOUSE_PRIORS, model.value);
    },
  ],
];

/** A drummer who played `bars` bars, all of them heard. */
function heard(forecaster: Forecaster, onsets: readonly Onset[], untilUs: number): ExpectedHits {
  const hits = new ExpectedHits(grid, forecaster);
  for (const { timeUs, instrument, velocity } of onsets)
    if (timeUs < untilUs) hits.hear(pitchOf(instrument), timeUs, velocity);
  return hits;
}

const pitchOf = (instrument: number): number => (instrument === 0 ? KICK : (PITCHES[instrument] ?? 0));

test.each(makers)(
  '%s expects a drummer’s strokes where he plays them, nearer than the grid has them',
  (_, make) => {
    const onsets = onsetsOfDrummer('expected', 24);
    const [from, to] = [barLineUs(grid, 20), barLineUs(grid, 21)];
    const expected = heard(make(), onsets, from - 30_000).between(from, to);
    const real = onsets.filter(({ timeUs }) => timeUs >= from - 30_000 && timeUs < to - 30_000);
    let [forecastErrorUs, gridErrorUs, found] = [0, 0, 0];
    for (const { instrument, timeUs } of real) {
      const near = expected.find(
        (hit) => instrumentOfPitch(hit.pitch) === instrument && Math.abs(hit.atUs - timeUs) < 60_000,
      );
      if (near === undefined) continue;
      found++;
      forecastErrorUs += Math.abs(near.atUs - timeUs);
      gridErrorUs += Math.abs(sixteenthUs(grid, nearestSixteenth(grid, timeUs).sixteenth) - timeUs);
    }
    // One may lie before the bar line, where the bar before it still runs.
    expect(found).toBeGreaterThanOrEqual(real.length - 2);
    expect(expected.length).toBeLessThanOrEqual(real.length);
    expect(forecastErrorUs).toBeLessThan(gridErrorUs);
  },
);

test('nothing is expected of who has not played, and of no drum that has not been hit', () => {
  expect(new ExpectedHits(grid, house2(HOUSE_PRIORS)).between(0, barLineUs(grid, 1))).toEqual([]);
  const hits = heard(house2(HOUSE_PRIORS), onsetsOfDrummer('tom', 8), Number.POSITIVE_INFINITY);
  expect(hits.nextUs(48, barLineUs(grid, 8))).toBeNull();
  expect(hits.nextUs(3, barLineUs(grid, 8))).toBeNull();
});

test('the next time of a drum is the first of those expected from then on, and none after the last', () => {
  const hits = heard(house2(HOUSE_PRIORS), onsetsOfDrummer('next', 12), Number.POSITIVE_INFINITY);
  const from = barLineUs(grid, 12);
  const kicks = hits.between(from, barLineUs(grid, 13)).filter(({ pitch }) => pitch === KICK);
  expect(kicks.length).toBeGreaterThanOrEqual(2);
  for (const { atUs } of kicks) {
    expect(hits.nextUs(KICK, atUs)).toBe(atUs);
    expect(hits.nextUs(KICK, atUs + 1)).toBe(kicks.find((kick) => kick.atUs > atUs)?.atUs ?? null);
  }
});

test('a bar foretold does not depend on the strokes of the bar itself', () => {
  const onsets = onsetsOfDrummer('causal', 10);
  const from = barLineUs(grid, 9);
  const before = heard(house2(HOUSE_PRIORS), onsets, from - 40_000);
  const all = heard(house2(HOUSE_PRIORS), onsets, from + 1_500_000);
  expect(all.between(from, barLineUs(grid, 10)).length).toBeGreaterThan(0);
  // Strokes just before the line belong to the bar that follows it.
  const times = (hits: ExpectedHits): number[] =>
    hits.between(from, barLineUs(grid, 10)).map(({ atUs }) => atUs);
  expect(times(all)).toEqual(times(before));
});

test('who plays ahead of the beat is expected before the bar line, while the bar before it still runs', () => {
  const hits = new ExpectedHits(grid, house2(HOUSE_PRIORS));
  for (let bar = 0; bar < 8; bar++) hits.hear(KICK, barLineUs(grid, bar) - 20_000, 100);
  const line = barLineUs(grid, 8);
  const early = hits.between(line - 60_000, line);
  expect(early.map(({ pitch }) => pitch)).toEqual([KICK]);
  expect(Math.abs((early[0]?.atUs ?? 0) - (line - 20_000))).toBeLessThan(10_000);
  expect(hits.nextUs(KICK, line - 60_000)).toBe(early[0]?.atUs);
});

test('after a long rest, and for who joins late, the drummer who plays is expected as if there had been no rest', () => {
  const expectedAfter = (rests: number): string[] => {
    const onsets = onsetsOfDrummer('rest', 8).filter(({ timeUs }) => timeUs > 0);
    const hits = new ExpectedHits(grid, house2(HOUSE_PRIORS));
    const rest = barLineUs(grid, rests);
    for (const { timeUs, instrument, velocity } of onsets)
      hits.hear(pitchOf(instrument), timeUs + (timeUs < barLineUs(grid, 4) - 60_000 ? 0 : rest), velocity);
    const from = barLineUs(grid, 8) + rest;
    return hits
      .between(from, barLineUs(grid, 9) + rest - 70_000)
      .map(({ pitch, atUs }) => `${pitch} ${atUs - from}`);
  };
  expect(expectedAfter(0).length).toBeGreaterThan(5);
  expect(expectedAfter(200)).toEqual(expectedAfter(0));
});

test('a clock that leaps beyond every bar ends the forecast instead of the program', () => {
  const hits = heard(house1(HOUSE_PRIORS), onsetsOfDrummer('leap', 4), Number.POSITIVE_INFINITY);
  expect(hits.between(1e15, 1e15 + 1e6)).toEqual([]);
  hits.hear(KICK, 2e15, 100);
  expect(hits.nextUs(KICK, 2e15)).toBeNull();
});
