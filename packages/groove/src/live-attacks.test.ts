import { present, seededChance } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import type { Bar } from './bars.ts';
import { cellReference } from './cell-reference.ts';
import type { Forecaster } from './forecaster.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { clamp } from './integers.ts';
import { settle } from './settle.ts';
import { type GroupSettlement, SETTLEMENT_POLICY, type Standing } from './settle-types.ts';
import { barsOfImproviser, barsOfPhrased, barsOfSecret, told, understanding } from './testing/improviser.ts';
import { player } from './testing/players.ts';
import { recordOf } from './testing/record.ts';

const BARS = 64;
const OWN = 'owner-own';

/** One performance after the other, each of another performer group: the settlements of the host that is looked at. */
function settledLive(
  performances: readonly { readonly played: readonly Bar[]; readonly own: Forecaster }[],
): GroupSettlement[] {
  let standing: Standing | undefined;
  return performances.map(({ played, own }, index) => {
    const hosts = [player('own', own), player('plain', house1(HOUSE_PRIORS))];
    const record = recordOf(played, hosts, `band-${index}`, 'live');
    const standings = new Map(standing ? [[OWN, standing]] : []);
    const all = settle(SETTLEMENT_POLICY, { record, workUnits: 1000n, standings });
    const one = present(
      all.find(({ ownerGroup }) => ownerGroup === OWN),
      'own settlement',
    );
    standing = one.standing;
    return one;
  });
}
const paid = (settlements: readonly GroupSettlement[]): bigint =>
  settlements.reduce((sum, { payMicroWork }) => sum + payMicroWork, 0n);

const friend = (seed: string, permille: number) => {
  const played = barsOfSecret(seed, BARS);
  return { played, own: told(played, permille) };
};
/** Made once: what the house says of them is worked out once too. */
const PLAYED = Array.from({ length: 8 }, (_, index) => barsOfImproviser(`stranger ${index}`, BARS));
const PHRASED = Array.from({ length: 8 }, (_, index) => barsOfPhrased(`phrased ${index}`, BARS));
const strangers = (own: () => Forecaster) => PLAYED.map((played) => ({ played, own: own() }));
const anybody = (): Forecaster => cellReference(HOUSE_PRIORS);

describe('in the task live', () => {
  test('who has understood a drummer is paid from the eighth performer on', () => {
    const all = settledLive(strangers(understanding));
    expect(all.slice(1, 7).map(({ code }) => code)).toEqual(new Array(6).fill('too-few-performers'));
    expect(paid(all.slice(0, 7))).toBe(0n);
    expect(all[7]?.code).toBeNull();
    expect(all[7]?.payMicroWork).toBeGreaterThan(1_000_000_000n);
  });

  test.each<[string, readonly Bar[]]>([
    ['one bar again and again', barsOfSecret('fixed', BARS, 1)],
    ['a phrase of four bars', barsOfSecret('fixed', BARS, 4)],
    ['a phrase of seven bars', barsOfSecret('fixed', BARS, 7)],
  ])('%s counts for nobody, however well it was agreed', (_name, played) => {
    const [one] = settledLive([{ played, own: told(played, 900) }]);
    expect(one).toMatchObject({ code: 'too-predictable', creditMicroWork: 0n, payMicroWork: 0n });
    expect(one?.standing.tally.bars).toBe(0n);
  });

  test('silence after some bars counts for nobody', () => {
    const played = barsOfSecret('silent', BARS).map((bar) => (bar.index < 8 ? bar : { ...bar, hits: [] }));
    const [one] = settledLive([{ played, own: told(played, 900) }]);
    expect(one).toMatchObject({ creditMicroWork: 0n, payMicroWork: 0n });
    expect(one?.standing.tally.bars).toBe(0n);
  });

  test('a host that was told a secret score is withheld', () => {
    for (const permille of [1000, 700, 300])
      expect(settledLive([friend('secret', permille)])).toMatchObject([
        { code: 'impossible-precision', creditMicroWork: 0n },
      ]);
  });

  test.each([
    ['before', [0, 1, 2, 3]],
    ['among', [1, 2, 5, 7]],
    ['after', [4, 5, 6, 7]],
  ])(
    'four friends among eight performers, who play %s four strangers what a host was told, of which it says a little, bring it nothing',
    (_name, places) => {
      // On strangers it says what anybody can tell: its skill there is exactly 0.
      const all = PHRASED.slice(0, 4).map((played) => ({ played, own: anybody() }));
      for (const place of places) all.splice(place, 0, friend(`secret ${place}`, 250));
      const settlements = settledLive(all);
      for (const place of places) expect(settlements[place]?.creditMicroWork).toBeGreaterThan(0n);
      expect(paid(settlements)).toBe(0n);
    },
  );

  test('five friends among eight still bring it something, less than half of what is credited: the limit of this rule', () => {
    const all = PHRASED.slice(0, 3).map((played) => ({ played, own: anybody() }));
    const settlements = settledLive([
      ...all,
      ...Array.from({ length: 5 }, (_, index) => friend(`fifth ${index}`, 250)),
    ]);
    const credited = settlements.reduce((sum, { creditMicroWork }) => sum + creditMicroWork, 0n);
    expect(paid(settlements)).toBeGreaterThan(0n);
    expect(2n * paid(settlements)).toBeLessThan(credited);
  });

  test('friends alone bring nothing until there are eight performers', () => {
    const settlements = settledLive(Array.from({ length: 7 }, (_, index) => friend(`secret ${index}`, 250)));
    expect(settlements.at(-1)?.standing.creditMicroWork).toBeGreaterThan(0n);
    expect(paid(settlements)).toBe(0n);
  });

  test('saying what anybody can tell who listens brings nothing, nor does noise about it', () => {
    const heard = settledLive(PHRASED.map((played) => ({ played, own: anybody() })));
    expect(heard.map(({ skillPpm }) => skillPpm)).toEqual(PHRASED.map(() => 0n));
    expect(paid(heard)).toBe(0n);
    expect(paid(settledLive(strangers(anybody)))).toBe(0n);
    const chance = seededChance('noise');
    const noisy = (): Forecaster => {
      const reference = cellReference(HOUSE_PRIORS);
      return {
        ...reference,
        forecast(index, announced) {
          const forecast = reference.forecast(index, announced);
          forecast.hitPermille.forEach((permille, cell) => {
            forecast.hitPermille[cell] = clamp(permille + chance.below(101) - 50, 0, 1000);
          });
          return forecast;
        },
      };
    };
    const settlements = settledLive(strangers(noisy));
    expect(paid(settlements)).toBe(0n);
    expect(settlements.at(-1)?.standing.creditMicroWork).toBeLessThanOrEqual(0n);
  });

  test('a host that does not answer loses more than the harder of both references', () => {
    const played = barsOfImproviser('void', BARS);
    const record = recordOf(played, [player('own', house1(HOUSE_PRIORS))], 'band', 'live');
    const rows = record.rows.map((row) => ({
      ...row,
      hosts: row.hosts.map((host) => ({ ...host, void: 'missing' as const, score: row.house1 })),
    }));
    const [one] = settle(SETTLEMENT_POLICY, {
      record: { ...record, rows },
      workUnits: 1000n,
      standings: new Map(),
    });
    expect(one?.skillPpm).toBeLessThanOrEqual(0n);
  });
});
