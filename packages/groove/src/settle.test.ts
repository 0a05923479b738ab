import { present, seededChance } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { type Bar, offsetTenthMs } from './bars.ts';
import { DECILES, emptyForecast, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { CELLS, STEPS_PER_BAR } from './instruments.ts';
import { clamp } from './integers.ts';
import { type GroupSettlement, SETTLEMENT_POLICY, type Standing, settle } from './settle.ts';
import { barsOfDrummer } from './testing/drummer.ts';
import { houseForecasts, type Player, recordOf } from './testing/record.ts';

/** Deciles of the normal law of deviation 1, in 1/1000. */
const NORMAL = [-1282, -842, -524, -253, 0, 253, 524, 842, 1282];
const BARS = 120;
const bars = barsOfDrummer('settled', BARS);

/** Changes what the house says of each bar. */
function altered(played: readonly Bar[], change: (forecast: Forecast) => void): Forecaster {
  return {
    id: 'altered',
    observe: () => {},
    forecast(index) {
      const { hitPermille, offsetTenthMs, velocity } = present(houseForecasts(played)[index], 'bar');
      const own = { hitPermille, offsetTenthMs: offsetTenthMs.slice(), velocity: velocity.slice() };
      change(own);
      return own;
    },
  };
}

/** Knows the drummer: the true mean of each cell, the true spread of 10 ms and 6 steps, times `sharpness`. */
function insider(played: readonly Bar[], sharpness = 1, shiftTenthMs = 0): Forecaster {
  const known = emptyForecast();
  const hits = played.flatMap((bar) => bar.hits);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const cell of new Set(hits.map((hit) => hit.cell))) {
    const own = hits.filter((hit) => hit.cell === cell);
    const [offset, velocity] = [
      mean(own.map(offsetTenthMs)) + shiftTenthMs,
      mean(own.map((hit) => hit.velocity)),
    ];
    NORMAL.forEach((z, k) => {
      known.offsetTenthMs[cell * DECILES + k] = Math.round(offset + 0.1 * z * sharpness);
      known.velocity[cell * DECILES + k] = clamp(Math.round(velocity + 0.006 * z * sharpness), 1, 127);
    });
  }
  return { id: 'insider', observe: () => {}, forecast: () => known };
}

/** The house, each instrument's deciles moved together by a chance amount of up to 3 ms and 2 steps, anew for each bar. */
function noisy(seed: string, played = bars): Forecaster {
  const chance = seededChance(seed);
  return altered(played, (forecast) => {
    for (let first = 0; first < CELLS * DECILES; first += STEPS_PER_BAR * DECILES) {
      const [offset, velocity] = [chance.below(61) - 30, chance.below(5) - 2];
      for (let k = first; k < first + STEPS_PER_BAR * DECILES; k++) {
        forecast.offsetTenthMs[k] = (forecast.offsetTenthMs[k] ?? 0) + offset;
        forecast.velocity[k] = clamp((forecast.velocity[k] ?? 0) + velocity, 1, 127);
      }
    }
  });
}

const player = (node: string, forecaster: Forecaster, ownerGroup = `owner-${node}`): Player => ({
  node,
  ownerGroup,
  forecaster,
});
const workUnits = 1000n;

function settled(
  players: readonly Player[],
  standings: ReadonlyMap<string, Standing> = new Map(),
  played = bars,
) {
  const all = settle(SETTLEMENT_POLICY, { record: recordOf(played, players), workUnits, standings });
  return (group: string): GroupSettlement =>
    present(
      all.find((one) => one.ownerGroup === group),
      group,
    );
}

describe('a settlement', () => {
  test('pays a skilled host work × k × its excess, and nothing to one that is the house', () => {
    const of = settled([player('good', insider(bars)), player('house', house1(HOUSE_PRIORS))]);
    const good = of('owner-good');
    expect(good.skillPpm).toBeGreaterThan(10_000n);
    expect(good).toMatchObject({ code: null, bars: BARS - 1, excessPpm: good.skillPpm });
    expect(good.payMicroWork).toBe(workUnits * 10n * present(good.skillPpm, 'skill'));
    expect(of('owner-house')).toMatchObject({ skillPpm: 0n, payMicroWork: 0n, code: 'not-proven' });
  });

  test('pays only the excess: two that are equally good earn nothing by it', () => {
    const of = settled([player('a', insider(bars)), player('b', insider(bars))]);
    expect([of('owner-a'), of('owner-b')].map((one) => [one.excessPpm, one.payMicroWork])).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  test('forecasts made bad on purpose raise nobody else above its own skill', () => {
    const alone = settled([player('good', insider(bars))])('owner-good');
    const helped = settled([player('good', insider(bars)), player('shill', insider(bars, 0, 900))])(
      'owner-good',
    );
    expect(helped.excessPpm).toBe(alone.excessPpm);
  });

  test('ten keys of one owner earn what one earns', () => {
    const one = settled([player('k0', insider(bars), 'o'), player('house', house1(HOUSE_PRIORS))])('o');
    const keys = Array.from({ length: 10 }, (_, index) => player(`k${index}`, insider(bars), 'o'));
    const ten = settled([...keys, player('house', house1(HOUSE_PRIORS))])('o');
    expect(ten.payMicroWork).toBe(one.payMicroWork);
    expect(ten.nodes).toHaveLength(10);
  });

  test('waits for 100 bars, then pays what was carried', () => {
    const half = bars.slice(0, 61);
    const first = settled([player('good', insider(half))], new Map(), half)('owner-good');
    expect(first).toMatchObject({ code: 'too-few-bars', payMicroWork: 0n });
    const standings = new Map([['owner-good', first.standing]]);
    const second = settled([player('good', insider(half))], standings, half)('owner-good');
    expect(second.code).toBeNull();
    expect(second.payMicroWork).toBe(first.creditMicroWork + second.creditMicroWork);
    expect(second.standing.paidMicroWork).toBe(second.payMicroWork);
  });

  test('a debit is carried against later credit and never below what was paid', () => {
    const credited = settled([player('p', insider(bars))])('owner-p');
    const after = settled([player('p', noisy('p'))], new Map([['owner-p', credited.standing]]))('owner-p');
    expect(after.creditMicroWork).toBeLessThan(0n);
    expect(after.payMicroWork).toBe(0n);
    expect(after.standing.creditMicroWork).toBe(credited.creditMicroWork + after.creditMicroWork);
    expect(after.standing.paidMicroWork).toBe(credited.payMicroWork);
  });

  test('credit is bounded by the cap on both sides', () => {
    const capped = { ...SETTLEMENT_POLICY, capPpm: 5000 };
    const players = [player('good', insider(bars)), player('bad', insider(bars, 0, 900))];
    const all = settle(capped, { record: recordOf(bars, players), workUnits, standings: new Map() });
    expect(all.map((one) => one.creditMicroWork)).toEqual([workUnits * 5000n, -workUnits * 5000n]);
  });

  test("gives nothing to the performer's own household", () => {
    const of = settled([player('mine', insider(bars), 'band'), player('house', house1(HOUSE_PRIORS))]);
    expect(of('band')).toMatchObject({ code: 'performer-group', creditMicroWork: 0n, payMicroWork: 0n });
    expect(of('band').standing.tally.bars).toBe(0n);
  });

  test('withholds a forecast nearer to what is played than people play', () => {
    const robot = bars.map((bar) => ({
      ...bar,
      hits: bar.hits.map((hit) => ({ ...hit, offsetUs: 20_000 + (hit.offsetUs >> 3) })),
    }));
    expect(settled([player('p', insider(robot))], new Map(), robot)('owner-p')).toMatchObject({
      code: 'impossible-precision',
      creditMicroWork: 0n,
    });
  });

  test('withholds a performance that a machine put on the grid', () => {
    const quantised = bars.map((bar) => ({
      ...bar,
      hits: bar.hits.map((hit) => ({ ...hit, offsetUs: hit.offsetUs >> 5 })),
    }));
    expect(settled([player('p', house1(HOUSE_PRIORS))], new Map(), quantised)('owner-p').code).toBe(
      'on-grid',
    );
  });

  test('has nothing to say about a performance without hits', () => {
    const record = recordOf(
      [
        { index: 0, hits: [] },
        { index: 1, hits: [] },
      ],
      [player('p', house1(HOUSE_PRIORS))],
    );
    const [one] = settle(SETTLEMENT_POLICY, { record, workUnits, standings: new Map() });
    expect(one).toMatchObject({ code: 'no-hits', creditMicroWork: 0n });
  });
});

describe('attacks', () => {
  test('a noisy key without skill earns nothing over 10,000 bars, settled a hundred times', () => {
    let standing = new Map<string, Standing>();
    const takes = Array.from({ length: 10 }, (_, index) => barsOfDrummer(`noise-${index}`, 101));
    for (let take = 0; take < 100; take++) {
      const played = present(takes[take % 10], 'take');
      const one = settled([player('n', noisy(`${take}`, played))], standing, played)('owner-n');
      standing = new Map([['owner-n', one.standing]]);
    }
    const end = present(standing.get('owner-n'), 'standing');
    expect(end.tally.bars).toBe(10_000n);
    expect(end.paidMicroWork).toBe(0n);
    expect(end.creditMicroWork).toBeLessThan(0n);
  });

  test('ten over-sharp keys spread over ± 22 ms gain nothing, together or alone', () => {
    const spread = Array.from({ length: 10 }, (_, index) =>
      player(`s${index}`, insider(bars, 0.05, Math.round((index - 4.5) * 49))),
    );
    const of = settled([player('good', insider(bars)), ...spread]);
    const paid = spread.map(({ ownerGroup }) => of(ownerGroup).payMicroWork);
    expect(paid).toEqual(paid.map(() => 0n));
    expect(of('owner-good').payMicroWork).toBeGreaterThan(0n);
  });
});
