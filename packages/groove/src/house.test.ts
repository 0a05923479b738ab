import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from './bars.ts';
import { encodeForecast, faultOf } from './forecast.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { house2 } from './house2.ts';
import { pinball, scoreBar } from './score.ts';
import { scoreMidi, type Tier } from './score-midi.ts';
import { barsOfDrummer, performanceOfDrummer } from './testing/drummer.ts';

const performances = ['vector-a', 'vector-b'].map((seed) => performanceOfDrummer(seed, 40));

describe('agreement with the reference scorer of the Groove anchor, to the integer', () => {
  // What the reference scorer printed for these two performances, with priors fitted on the split `train`.
  test.each<[Tier, number[]]>([
    ['bar', [2988605, 181937, 12501404]],
    ['bar2', [3074581, 195280, 24396750]],
    ['hit', [2987128, 180781, 12501404]],
  ])('tier %s', (tier, sums) => {
    const { house, naive, bars } = scoreMidi(performances, { priors: HOUSE_PRIORS, tier });
    expect([house.timing, house.velocity, house.cells]).toEqual(sums);
    expect([naive.timing, naive.velocity, naive.cells]).toEqual([4975938, 780101, 464573304]);
    expect([bars, house.hits]).toEqual([78, 1014]);
  });

  test('the forecaster house-1 is the house', () => {
    const model = () => house1(HOUSE_PRIORS);
    const score = scoreMidi(performances, { priors: HOUSE_PRIORS, tier: 'bar', model });
    expect(score.model).toEqual(score.house);
  });
});

describe.each([
  ['house-1', house1],
  ['house-2', house2],
] as const)('%s', (id, make) => {
  test('says who it is', () => expect(make(HOUSE_PRIORS).id).toBe(id));

  test('forecasts within every range, whatever was played', () => {
    const hit = fc.record({
      cell: fc.integer({ min: 0, max: 143 }),
      offsetUs: fc.integer({ min: -150_000, max: 150_000 }),
      velocity: fc.integer({ min: 1, max: 127 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(hit, { maxLength: 30 }), { maxLength: 12 }), (played) => {
        const house = make(HOUSE_PRIORS);
        for (const [index, hits] of played.entries()) house.observe({ index, hits });
        expect(faultOf(house.forecast(played.length, null))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test('a bar changes no forecast that was made before it', () => {
    const bars = barsOfDrummer('causal', 12);
    const other: Bar = { index: 10, hits: [{ cell: 3, offsetUs: 50_000, velocity: 1 }] };
    const forecasts = (last: readonly Bar[]) => {
      const house = make(HOUSE_PRIORS);
      return [...bars.slice(0, 10), ...last].map((bar) => {
        const bytes = encodeForecast(house.forecast(bar.index, null));
        house.observe(bar);
        return bytes;
      });
    };
    const [as, changed] = [forecasts(bars.slice(10)), forecasts([other, ...bars.slice(11)])];
    expect(changed.slice(0, 11)).toEqual(as.slice(0, 11));
    expect(changed[11]).not.toEqual(as[11]);
  });

  test('silence before the first hit teaches nothing', () => {
    const [early, late] = [make(HOUSE_PRIORS), make(HOUSE_PRIORS)];
    for (let index = 0; index < 5; index++) late.observe({ index, hits: [] });
    const bar = barsOfDrummer('a', 1)[0] as Bar;
    early.observe(bar);
    late.observe({ ...bar, index: 5 });
    expect(encodeForecast(late.forecast(6, null))).toEqual(encodeForecast(early.forecast(1, null)));
  });
});

test('house-2 follows a player who gets louder, house-1 lags', () => {
  const bars = Array.from(
    { length: 30 },
    (_, index): Bar => ({
      index,
      hits: [0, 4, 8, 12].map((step) => ({ cell: 16 + step, offsetUs: 0, velocity: 30 + 3 * index })),
    }),
  );
  const losses = [house1(HOUSE_PRIORS), house2(HOUSE_PRIORS)].map((house) =>
    bars.reduce((sum, bar) => {
      const score = scoreBar(bar, house.forecast(bar.index, null));
      house.observe(bar);
      return sum + score.velocity;
    }, 0),
  );
  expect(losses[1]).toBeLessThan(0.6 * (losses[0] ?? 0));
});

test('one forecast of the house takes well under a bar: 50 µs on one core, ten times that on a busy machine', () => {
  const house = house1(HOUSE_PRIORS);
  for (const bar of barsOfDrummer('a', 16)) house.observe(bar);
  const costs = Array.from({ length: 200 }, () => {
    const start = performance.now();
    house.forecast(16, null);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  expect(costs[100]).toBeLessThan(0.5);
});

test('the pinball sum is least at the deciles of what is played', () => {
  const played = Array.from({ length: 99 }, (_, index) => index + 1);
  const loss = (deciles: number[]) => played.reduce((sum, value) => sum + pinball(value, deciles, 0), 0);
  const honest = [10, 20, 30, 40, 50, 60, 70, 80, 90];
  for (const shift of [-9, -3, 3, 9])
    expect(loss(honest.map((q) => q + shift))).toBeGreaterThan(loss(honest));
  expect(loss(honest.map((q) => 50 + (q - 50) / 2))).toBeGreaterThan(loss(honest));
});
