import { present } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { settle } from './settle.ts';
import { SETTLEMENT_POLICY } from './settle-types.ts';
import { barsOfDrummer } from './testing/drummer.ts';
import { insider, noisy, player, settled, settledForAll, WORK_UNITS } from './testing/players.ts';
import { recordOf } from './testing/record.ts';

const BARS = 120;
const bars = barsOfDrummer('settled', BARS);

const workUnits = WORK_UNITS;

describe('a settlement', () => {
  test('pays a skilled host work × k × its excess over four performers, and nothing to one that is the house', () => {
    const { first, last } = settledForAll(
      () => [player('good', insider(bars)), player('house', house1(HOUSE_PRIORS))],
      bars,
    );
    expect(first('owner-good')).toMatchObject({
      code: 'too-few-performers',
      payMicroWork: 0n,
      bars: BARS - 1,
    });
    const good = last('owner-good');
    expect(good.skillPpm).toBeGreaterThan(10_000n);
    expect(good).toMatchObject({ code: null, excessPpm: good.skillPpm });
    const merit = present(good.skillPpm, 'skill') + good.leaveOneOutPpm;
    expect(good.creditMicroWork).toBe(workUnits * 10n * merit);
    expect(good.payMicroWork).toBe(4n * good.creditMicroWork);
    expect(last('owner-house')).toMatchObject({ skillPpm: 0n, payMicroWork: 0n, code: 'not-proven' });
  });

  test('pays only the excess: two that are equally good earn nothing by it', () => {
    const { last } = settledForAll(() => [player('a', insider(bars)), player('b', insider(bars))], bars);
    expect(['owner-a', 'owner-b'].map((name) => [last(name).excessPpm, last(name).payMicroWork])).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  test('a host beside nobody is held to house-2, which everybody has, and adds to no blend', () => {
    const record = recordOf(bars, [player('good', insider(bars))], 'band', 'announced');
    const [beside1] = settle(SETTLEMENT_POLICY, { record, workUnits, standings: new Map() });
    // House-2 says what the host says: then the host brings nothing that was not there.
    const rows = record.rows.map((row) => ({ ...row, house2: present(row.hosts[0], 'host').score }));
    const [beside2] = settle(SETTLEMENT_POLICY, {
      record: { ...record, rows },
      workUnits,
      standings: new Map(),
    });
    expect(beside1).toMatchObject({ excessPpm: beside1?.skillPpm, leaveOneOutPpm: 0n });
    expect(beside1?.creditMicroWork).toBe(workUnits * 10n * present(beside1?.skillPpm, 'skill'));
    expect(beside2).toMatchObject({ skillPpm: beside1?.skillPpm, excessPpm: 0n, creditMicroWork: 0n });
  });

  test('forecasts made bad on purpose raise nobody else above its own skill', () => {
    const alone = settled([player('good', insider(bars))], bars)('owner-good');
    const helped = settled(
      [player('good', insider(bars)), player('shill', insider(bars, 0, 900))],
      bars,
    )('owner-good');
    expect(helped.excessPpm).toBe(alone.excessPpm);
  });

  test('ten keys of one owner earn what one earns', () => {
    const house = () => player('house', house1(HOUSE_PRIORS));
    const one = settledForAll(() => [player('k0', insider(bars), 'o'), house()], bars).last('o');
    const keys = () => Array.from({ length: 10 }, (_, index) => player(`k${index}`, insider(bars), 'o'));
    const ten = settledForAll(() => [...keys(), house()], bars).last('o');
    expect(one.payMicroWork).toBeGreaterThan(0n);
    expect(ten.payMicroWork).toBe(one.payMicroWork);
    expect(ten.nodes).toHaveLength(10);
  });

  test('waits for 100 bars, then pays what was carried', () => {
    const half = bars.slice(0, 61);
    const { first, last } = settledForAll(() => [player('good', insider(half))], half);
    expect(first('owner-good')).toMatchObject({ code: 'too-few-bars', payMicroWork: 0n });
    const paid = last('owner-good');
    expect(paid.code).toBeNull();
    expect(paid.payMicroWork).toBe(4n * first('owner-good').creditMicroWork);
    expect(paid.standing.paidMicroWork).toBe(paid.payMicroWork);
  });

  test('a debit is carried against later credit and never below what was paid', () => {
    const credited = settledForAll(() => [player('p', insider(bars))], bars).last('owner-p');
    expect(credited.payMicroWork).toBeGreaterThan(0n);
    const after = settled(
      [player('p', noisy('p', bars))],
      bars,
      new Map([['owner-p', credited.standing]]),
    )('owner-p');
    expect(after.creditMicroWork).toBeLessThan(0n);
    expect(after.payMicroWork).toBe(0n);
    expect(after.standing.creditMicroWork).toBe(4n * credited.creditMicroWork + after.creditMicroWork);
    expect(after.standing.paidMicroWork).toBe(credited.payMicroWork);
  });

  test('credit is bounded by the cap on both sides', () => {
    const capped = { ...SETTLEMENT_POLICY, capPpm: 5000 };
    const players = [player('good', insider(bars)), player('bad', insider(bars, 0, 900))];
    const all = settle(capped, { record: recordOf(bars, players), workUnits, standings: new Map() });
    expect(all.map((one) => one.creditMicroWork)).toEqual([workUnits * 5000n, -workUnits * 5000n]);
  });

  test("gives nothing to the performer's own household", () => {
    const of = settled([player('mine', insider(bars), 'band'), player('house', house1(HOUSE_PRIORS))], bars);
    expect(of('band')).toMatchObject({ code: 'performer-group', creditMicroWork: 0n, payMicroWork: 0n });
    expect(of('band').standing.tally.bars).toBe(0n);
  });

  test('withholds a forecast nearer to what is played than people play', () => {
    const robot = bars.map((bar) => ({
      ...bar,
      hits: bar.hits.map((hit) => ({ ...hit, offsetUs: 20_000 + (hit.offsetUs >> 3) })),
    }));
    expect(settled([player('p', insider(robot))], robot)('owner-p')).toMatchObject({
      code: 'impossible-precision',
      creditMicroWork: 0n,
    });
  });

  test('withholds a performance that a machine put on the grid', () => {
    const quantised = bars.map((bar) => ({
      ...bar,
      hits: bar.hits.map((hit) => ({ ...hit, offsetUs: hit.offsetUs >> 5 })),
    }));
    expect(settled([player('p', house1(HOUSE_PRIORS))], quantised)('owner-p').code).toBe('on-grid');
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
