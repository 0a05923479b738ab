import { readFileSync } from 'node:fs';
import { present, seededChance } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import type { Bar } from './bars.ts';
import { DECILES, emptyForecast, type Forecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { house2 } from './house2.ts';
import { CELLS } from './instruments.ts';
import { clamp } from './integers.ts';
import { decodeModel } from './model/model-file.ts';
import { modelForecaster } from './model/model-forecaster.ts';
import { settle } from './settle.ts';
import { SETTLEMENT_POLICY, type Standing } from './settle-types.ts';
import { barsOfDrummer } from './testing/drummer.ts';
import { barsOfMoodyDrummer } from './testing/moody.ts';
import { insider, noisy, player, settled, settledForAll, WORK_UNITS } from './testing/players.ts';
import { recordOf } from './testing/record.ts';

const BARS = 120;
const bars = barsOfDrummer('settled', BARS);

function released(): Forecaster {
  const model = decodeModel(readFileSync(new URL('../models/groove-1.model', import.meta.url)));
  return modelForecaster(HOUSE_PRIORS, model.ok ? model.value : expect.fail(model.message));
}

/** Says again what was said `lag` bars ago: the newest that is public when a bar is committed to is two bars old. */
function stale(of: Forecaster, lag: number): Forecaster {
  const said: Forecast[] = [];
  return {
    id: 'stale',
    observe: (bar) => of.observe(bar),
    forecast(index, announced) {
      said.push(of.forecast(index, announced));
      return present(said.at(-1 - lag) ?? said[0], 'an old forecast');
    },
  };
}

/** Moves every decile of the original by noise of up to `tenthMs` and `steps` either way, each cell by its own. */
function jittered(of: Forecaster, tenthMs: number, steps: number): Forecaster {
  const chance = seededChance('jitter');
  return {
    id: 'jittered',
    observe: (bar) => of.observe(bar),
    forecast(index, announced) {
      const original = of.forecast(index, announced);
      const own = {
        ...original,
        offsetTenthMs: original.offsetTenthMs.slice(),
        velocity: original.velocity.slice(),
      };
      for (let cell = 0; cell < CELLS; cell++) {
        const [offset, velocity] = [
          chance.below(2 * tenthMs + 1) - tenthMs,
          chance.below(2 * steps + 1) - steps,
        ];
        for (let at = cell * DECILES; at < (cell + 1) * DECILES; at++) {
          own.offsetTenthMs[at] = (own.offsetTenthMs[at] ?? 0) + offset;
          own.velocity[at] = clamp((own.velocity[at] ?? 0) + velocity, 1, 127);
        }
      }
      return own;
    },
  };
}

/** Bars with the same strokes, each played as `said` has it but for noise: `noiseUs` (deviation) in time, 6 steps in velocity. */
function playedAfter(
  played: readonly Bar[],
  said: (bar: number) => Forecast,
  noiseUs: number,
  seed: string,
): Bar[] {
  const chance = seededChance(seed);
  const normal = () => Array.from({ length: 12 }, () => chance.unit()).reduce((sum, unit) => sum + unit, -6);
  return played.map((bar) => ({
    ...bar,
    hits: bar.hits.map((hit) => ({
      ...hit,
      offsetUs: clamp(
        100 * (said(bar.index).offsetTenthMs[hit.cell * DECILES + 4] ?? 0) + Math.round(noiseUs * normal()),
        -62_500,
        62_500,
      ),
      velocity: clamp(
        (said(bar.index).velocity[hit.cell * DECILES + 4] ?? 0) + Math.round(6 * normal()),
        1,
        127,
      ),
    })),
  }));
}

/** What a host and its friend agreed on beforehand: offsets and velocities that nobody else can foresee, with deciles about as wide as the noise. */
function agreed(bar: number): Forecast {
  const chance = seededChance(`agreed-${bar}`);
  const forecast = emptyForecast();
  for (let cell = 0; cell < CELLS; cell++) {
    const [centre, force] = [chance.below(600) - 300, 40 + chance.below(60)];
    for (let k = 0; k < DECILES; k++) {
      forecast.offsetTenthMs[cell * DECILES + k] = centre + 32 * (k - 4);
      forecast.velocity[cell * DECILES + k] = clamp(force + 2 * (k - 4), 1, 127);
    }
  }
  return forecast;
}

const agreeing: Forecaster = { id: 'agreed', observe: () => {}, forecast: agreed };

describe('attacks on Proof of Groove', () => {
  test('a copy of what was last made public is no better than the house and earns nothing', () => {
    const moody = barsOfMoodyDrummer('moody', BARS);
    const { last } = settledForAll(
      () => [player('leader', released()), player('copy', stale(released(), 2))],
      moody,
    );
    expect(last('owner-leader').skillPpm).toBeGreaterThan(0n);
    expect(last('owner-copy').skillPpm).toBeLessThanOrEqual(0n);
    expect(last('owner-copy').standing.paidMicroWork).toBe(0n);
  });

  test.each([
    [0, 0],
    [20, 1],
    [40, 2],
  ])(
    "a copy of the leader's sealed forecast with jitter of ± %i tenth ms adds nothing to the blend",
    (tenthMs, steps) => {
      const others = () => [
        player('leader', insider(bars)),
        player('house', house2(HOUSE_PRIORS)),
        player('n', noisy('n', bars)),
      ];
      const alone = settled(others(), bars);
      const of = settled([...others(), player('copy', jittered(insider(bars), tenthMs, steps))], bars);
      expect(alone('owner-leader').leaveOneOutPpm).toBeGreaterThan(0n);
      expect(of('owner-copy').leaveOneOutPpm).toBeLessThanOrEqual(0n);
    },
  );

  test('a noisy key without skill earns nothing over 10,000 bars, settled a hundred times', () => {
    let standing = new Map<string, Standing>();
    const takes = Array.from({ length: 10 }, (_, index) => barsOfDrummer(`noise-${index}`, 101));
    for (let take = 0; take < 100; take++) {
      const played = present(takes[take % 10], 'take');
      const one = settled(
        [player('n', noisy(`${take}`, played))],
        played,
        standing,
        `band-${take % 5}`,
      )('owner-n');
      standing = new Map([['owner-n', one.standing]]);
    }
    const end = present(standing.get('owner-n'), 'standing');
    expect(end.tally.bars).toBe(10_000n);
    expect(end.paidMicroWork).toBe(0n);
    expect(end.creditMicroWork).toBeLessThan(0n);
  });

  test('ten over-sharp keys spread over ± 22 ms gain nothing, together or alone', () => {
    const spread = () =>
      Array.from({ length: 10 }, (_, index) =>
        player(`s${index}`, insider(bars, 0.05, Math.round((index - 4.5) * 49))),
      );
    const { last } = settledForAll(() => [player('good', insider(bars)), ...spread()], bars);
    const paid = spread().map(({ ownerGroup }) => last(ownerGroup).standing.paidMicroWork);
    expect(paid).toEqual(paid.map(() => 0n));
    expect(last('owner-good').payMicroWork).toBeGreaterThan(0n);
  });

  test('a friend who plays what a host says, with 10 ms of noise, brings it at most a tenth of honest pay', () => {
    const honest = ['p0', 'p1', 'p2', 'p3'].map((performer) => ({
      performer,
      played: barsOfDrummer(performer, 61),
      said: house1(HOUSE_PRIORS),
    }));
    const friends = ['once', 'again', 'and again', 'once more'].map((take) => ({
      performer: 'friend',
      played: playedAfter(bars.slice(0, 61), agreed, 10_000, take),
      said: agreeing,
    }));
    let standings = new Map<string, Standing>();
    let last = settled([player('colluder', agreeing)], bars);
    for (const { performer, played, said } of [...honest, ...friends]) {
      const players = [player('good', insider(played)), player('colluder', said)];
      last = settled(players, played, standings, performer);
      standings = new Map(['owner-good', 'owner-colluder'].map((name) => [name, last(name).standing]));
    }
    // It looked human, its skill is proven, and it was credited in full: only that no other performer bears it out holds it back.
    expect(last('owner-colluder')).toMatchObject({ code: 'nothing-due', creditMicroWork: 1_000_000_000n });
    const paid = (name: string) => present(standings.get(name), name).paidMicroWork;
    expect(paid('owner-good')).toBeGreaterThan(0n);
    expect(10n * paid('owner-colluder')).toBeLessThanOrEqual(paid('owner-good'));
  });

  /** A host beside nobody: strangers, of whom it says what anybody can, then friends who play twice each what it was told. */
  function amongFriends(
    strangers: number,
    friends: number,
  ): { readonly credited: bigint; readonly paid: bigint } {
    const bars61 = bars.slice(0, 61);
    const rounds = [
      ...Array.from({ length: strangers }, (_, index) => ({
        performer: `stranger ${index}`,
        played: barsOfDrummer(`p${index}`, 61),
        said: house2(HOUSE_PRIORS),
      })),
      ...Array.from({ length: 2 * friends }, (_, take) => ({
        performer: `friend ${take % friends}`,
        played: playedAfter(bars61, agreed, 10_000, `take ${take}`),
        said: agreeing,
      })),
    ];
    let standing: Standing | undefined;
    let credited = 0n;
    for (const { performer, played, said } of rounds) {
      const before = new Map(standing === undefined ? [] : [['owner-colluder', standing]]);
      const one = settled([player('colluder', said)], played, before, performer)('owner-colluder');
      standing = one.standing;
      if (one.creditMicroWork > 0n) credited += one.creditMicroWork;
    }
    return { credited, paid: present(standing, 'standing').paidMicroWork };
  }

  test.each([2, 4, 6])(
    'two friends whom nobody knows to be linked bring a host nothing beside %i strangers',
    (strangers) => {
      const { credited, paid } = amongFriends(strangers, 2);
      expect(credited).toBeGreaterThan(3n * 1_000_000n * WORK_UNITS);
      expect(paid).toBe(0n);
    },
  );

  test('friends alone bring nothing until there are four; three of five still bring a part: the limit of this rule', () => {
    expect(amongFriends(0, 2).paid).toBe(0n);
    expect(amongFriends(0, 3).paid).toBe(0n);
    const { credited, paid } = amongFriends(2, 3);
    expect(paid).toBeGreaterThan(0n);
    expect(10n * paid).toBeLessThan(7n * credited);
  });

  /** A host that knows more than the house, beside it, once on each of so many drummers: what it is credited in all, and paid by then. */
  function honestOn(performers: number): { readonly credited: bigint; readonly paid: bigint } {
    let standing: Standing | undefined;
    let credited = 0n;
    for (let index = 0; index < performers; index++) {
      const played = barsOfDrummer(`honest ${index}`, 61);
      const before = new Map(standing === undefined ? [] : [['owner-honest', standing]]);
      const players = [player('honest', insider(played)), player('house', house1(HOUSE_PRIORS))];
      const one = settled(players, played, before, `band ${index}`)('owner-honest');
      standing = one.standing;
      credited += one.creditMicroWork;
    }
    return { credited, paid: present(standing, 'standing').paidMicroWork };
  }

  test('that pay begins at four performers costs an honest host a wait for the fourth, and a tenth at most from then on', () => {
    expect(honestOn(3)).toMatchObject({ credited: expect.toSatisfy((c) => c > 0n), paid: 0n });
    for (const [performers, permilleMin] of [
      [4, 900n],
      [5, 930n],
      [8, 950n],
    ] as const) {
      const { credited, paid } = honestOn(performers);
      expect(1000n * paid).toBeGreaterThan(permilleMin * credited);
      expect(paid).toBeLessThan(credited);
    }
  });

  test.each([0, 3000, 6000])('a performer who plays the forecast to within %i µs is withheld', (noiseUs) => {
    const played = playedAfter(bars, agreed, noiseUs, 'performer');
    expect(settled([player('colluder', agreeing)], played)('owner-colluder')).toMatchObject({
      code: 'impossible-precision',
      creditMicroWork: 0n,
    });
  });

  test('performances too short for the rules on precision, played just as the host says, bring it nothing', () => {
    const played = playedAfter(bars.slice(0, 6), agreed, 0, 'short');
    expect(played.reduce((sum, bar) => sum + bar.hits.length, 0)).toBeLessThan(SETTLEMENT_POLICY.hitsMin);
    let standings = new Map<string, Standing>();
    for (let take = 0; take < 30; take++) {
      const of = settled([player('colluder', agreeing)], played, standings, `friend-${take % 3}`);
      expect(of('owner-colluder')).toMatchObject({ code: 'too-few-hits', creditMicroWork: 0n });
      standings = new Map([['owner-colluder', of('owner-colluder').standing]]);
    }
    expect(standings.get('owner-colluder')?.paidMicroWork).toBe(0n);
    expect(standings.get('owner-colluder')?.tally.bars).toBe(0n);
  });

  test.each([
    ['just as the host says', agreeing, { code: 'too-few-hits', creditMicroWork: 0n }],
    ['worse than the house says', noisy('n', bars), { creditMicroWork: expect.toSatisfy((c) => c < 0n) }],
  ])(
    'a host that leaves bars void until too few hits are left, played %s, can only lose',
    (_name, said, expected) => {
      const played = said === agreeing ? playedAfter(bars, agreed, 0, 'void') : bars;
      const record = recordOf(played, [player('colluder', said)]);
      const rows = record.rows.map((row, at) => ({
        ...row,
        hosts: row.hosts.map((host) =>
          at < 5 ? host : { ...host, void: 'missing' as const, score: row.house1, nearMedian: 0 },
        ),
      }));
      const request = { record: { ...record, rows }, workUnits: 1000n, standings: new Map() };
      expect(settle(SETTLEMENT_POLICY, request)).toMatchObject([expected]);
    },
  );
});
