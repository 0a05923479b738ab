import { expect, test } from 'vitest';
import { HOUSE_PRIORS } from './house-priors.ts';
import { house2 } from './house2.ts';
import { lostStrokes } from './lost-strokes.ts';
import { performanceOfDrummer } from './testing/drummer.ts';

test('most of a steady drummer’s strokes are sounded from the bars before, nearer to what was played than the grid is', () => {
  const all = lostStrokes(performanceOfDrummer('steady', 24), house2(HOUSE_PRIORS));
  expect(all.strokes).toBeGreaterThan(200);
  expect(2 * all.sounded).toBeGreaterThan(all.strokes);
  expect(all.forecastErrorUs).toBeLessThan(0.9 * all.gridErrorUs);
});

test('a bar is foretold from the bars before it alone', () => {
  const whole = performanceOfDrummer('steady', 12);
  const bent = {
    ...whole,
    hits: whole.hits.map((hit) => (hit.sixteenth >= 16 * 11 ? { ...hit, offsetUs: 50_000 } : hit)),
  };
  const [one, other] = [whole, bent].map((each) => lostStrokes(each, house2(HOUSE_PRIORS)));
  expect(other?.sounded).toBe(one?.sounded);
  expect(other?.forecastErrorUs).not.toBe(one?.forecastErrorUs);
});

test('of a single bar nothing can be sounded', () => {
  expect(lostStrokes(performanceOfDrummer('short', 1), house2(HOUSE_PRIORS))).toMatchObject({
    strokes: 0,
    sounded: 0,
  });
});
