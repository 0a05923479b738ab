import { present, seededChance } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import type { Bar } from './bars.ts';
import { commitment } from './commitment.ts';
import { encodeForecast } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { house2 } from './house2.ts';
import { EFFECTS_MAX, GrooveRound } from './round.ts';
import type { RoundEffect, RoundPlan, RoundRecord } from './round-types.ts';
import { barsOfDrummer, gridAt120 } from './testing/drummer.ts';

const HOLD_US = 1_000_000;
const grid = gridAt120();

function planOf(bars: readonly Bar[], nodes: readonly string[], changes: Partial<RoundPlan> = {}): RoundPlan {
  const hosts = nodes.map((node) => ({ node, ownerGroup: `owner-${node}` }));
  const base = {
    performance: 'take-1',
    task: 'announced',
    performerGroup: 'band',
    grid,
    priors: HOUSE_PRIORS,
  } as const;
  return { ...base, hosts, bars, holdLimitUs: HOLD_US, voidChargePpm: 100_000, ...changes };
}

/** An honest node, which may be told to misbehave at one bar. */
class Node {
  readonly name: string;
  readonly forecaster: Forecaster;
  readonly chance;
  readonly sent = new Map<number, { forecast: Uint8Array; salt: Uint8Array }>();
  constructor(name: string, forecaster: Forecaster) {
    this.name = name;
    this.forecaster = forecaster;
    this.chance = seededChance(name);
  }
  commit(bar: number, announced: readonly number[] | null): Uint8Array {
    const forecast = encodeForecast(this.forecaster.forecast(bar, announced));
    const salt = Uint8Array.from({ length: 32 }, () => this.chance.below(256));
    this.sent.set(bar, { forecast, salt });
    return commitment({ forecast, salt, node: this.name, performance: 'take-1', bar });
  }
}

/** Carries effects to honest nodes and their answers back; `skip` keeps a message from being sent. */
function play(
  round: GrooveRound,
  nodes: readonly Node[],
  skip = (_kind: string, _node: string, _bar: number) => false,
): RoundRecord {
  let now = 0;
  const seen: RoundEffect[] = [];
  expect(round.apply(now, { kind: 'open' })).toEqual({ ok: true, value: null });
  for (let turns = 0; round.state === 'open' || seen.at(-1)?.kind !== 'closed'; turns++) {
    expect(turns).toBeLessThan(5000);
    const effect = round.drain();
    if (!effect) {
      now = present(round.nextCallUs, 'an open round waits for something');
      round.apply(now, { kind: 'advance' });
      continue;
    }
    seen.push(effect);
    for (const node of nodes) answer(round, now, node, effect, skip);
  }
  const last = seen.at(-1);
  return last?.kind === 'closed' ? last.record : expect.fail('the round did not close');
}

function answer(
  round: GrooveRound,
  now: number,
  node: Node,
  effect: RoundEffect,
  skip: (kind: string, node: string, bar: number) => boolean,
): void {
  if (effect.kind === 'release')
    for (const bar of effect.bars) {
      node.forecaster.observe(bar);
      const sent = node.sent.get(bar.index);
      if (sent && !skip('reveal', node.name, bar.index))
        round.apply(now, { kind: 'reveal', node: node.name, bar: bar.index, ...sent });
    }
  if (effect.kind === 'ask' && !skip('commit', node.name, effect.bar))
    round.apply(now, {
      kind: 'commit',
      node: node.name,
      bar: effect.bar,
      commitment: node.commit(effect.bar, effect.announced),
    });
}

const bars = barsOfDrummer('a', 24);

describe('a round of Proof of Groove', () => {
  test('an honest host that forecasts as the house does scores as the house does, bar by bar', () => {
    const record = play(new GrooveRound(planOf(bars, ['n1'])), [new Node('n1', house1(HOUSE_PRIORS))]);
    expect(record.rows.map((row) => row.bar)).toEqual(bars.slice(1).map((bar) => bar.index));
    for (const row of record.rows) expect(row.hosts[0]?.score).toEqual(row.house1);
  });

  test('bar 0 and the silence before the first hit are history and are not scored', () => {
    const silent = [
      { index: 0, hits: [] },
      { index: 1, hits: [] },
      ...bars.slice(0, 4).map((bar) => ({ ...bar, index: bar.index + 2 })),
    ];
    const record = play(new GrooveRound(planOf(silent, ['n1'])), [new Node('n1', house1(HOUSE_PRIORS))]);
    expect(record.rows.map((row) => row.bar)).toEqual([3, 4, 5]);
  });

  test('a performance without a hit closes at once with no rows', () => {
    const record = play(new GrooveRound(planOf([{ index: 0, hits: [] }], ['n1'])), []);
    expect(record.rows).toEqual([]);
  });

  test('no bar is released before every host has committed to it, however long it takes within the limit', () => {
    const round = new GrooveRound(planOf(bars, ['n1', 'n2']));
    const [n1, n2] = [new Node('n1', house1(HOUSE_PRIORS)), new Node('n2', house2(HOUSE_PRIORS))];
    round.apply(0, { kind: 'open' });
    expect(drainAll(round).map((effect) => effect.kind)).toEqual(['release', 'ask']);
    round.apply(10, { kind: 'commit', node: 'n1', bar: 1, commitment: n1.commit(1, null) });
    round.apply(HOLD_US - 1, { kind: 'advance' });
    expect(drainAll(round)).toEqual([]);
    round.apply(HOLD_US - 1, { kind: 'commit', node: 'n2', bar: 1, commitment: n2.commit(1, null) });
    expect(drainAll(round).map((effect) => effect.kind)).toEqual(['release', 'ask']);
  });

  test('forecasts and commitments become public only after every reveal of their bar', () => {
    const round = new GrooveRound(planOf(bars, ['n1', 'n2']));
    const nodes = [new Node('n1', house1(HOUSE_PRIORS)), new Node('n2', house1(HOUSE_PRIORS))];
    round.apply(0, { kind: 'open' });
    for (const node of nodes)
      round.apply(1, { kind: 'commit', node: node.name, bar: 1, commitment: node.commit(1, null) });
    for (const node of nodes)
      round.apply(2, { kind: 'commit', node: node.name, bar: 2, commitment: node.commit(2, null) });
    round.apply(3, { kind: 'reveal', node: 'n1', bar: 1, ...present(nodes[0]?.sent.get(1), 'n1') });
    expect(drainAll(round).some((effect) => effect.kind === 'published')).toBe(false);
    round.apply(4, { kind: 'reveal', node: 'n2', bar: 1, ...present(nodes[1]?.sent.get(1), 'n2') });
    expect(drainAll(round)[0]).toMatchObject({ kind: 'published', row: { bar: 1 } });
  });

  test('a host that stays away from one bar is void there, pays the charge there, and takes part in the next', () => {
    const skip = (kind: string, node: string, bar: number) => kind === 'commit' && node === 'n1' && bar === 5;
    const record = play(new GrooveRound(planOf(bars, ['n1'])), [new Node('n1', house1(HOUSE_PRIORS))], skip);
    expect(record.rows.map((row) => row.hosts[0]?.void).filter(Boolean)).toEqual(['missing']);
    const row = present(
      record.rows.find(({ bar }) => bar === 5),
      'row of bar 5',
    );
    expect(row.hosts[0]?.score.timing).toBe(Math.ceil(row.house1.timing * 1.1));
  });

  test('a commitment that is not opened is void', () => {
    const skip = (kind: string, _node: string, bar: number) => kind === 'reveal' && bar === 7;
    const record = play(new GrooveRound(planOf(bars, ['n1'])), [new Node('n1', house1(HOUSE_PRIORS))], skip);
    expect(record.rows.find(({ bar }) => bar === 7)?.hosts[0]?.void).toBe('unopened');
  });

  test('the record is the same whatever the wall clock says and in whatever order hosts answer', () => {
    const nodes = () => [new Node('n1', house1(HOUSE_PRIORS)), new Node('n2', house2(HOUSE_PRIORS))];
    const first = play(new GrooveRound(planOf(bars, ['n1', 'n2'])), nodes());
    const second = play(new GrooveRound(planOf(bars, ['n1', 'n2'])), nodes().reverse());
    expect(second).toEqual(first);
  });

  test('effects that nobody drains stop the round instead of growing', () => {
    const round = new GrooveRound(planOf(barsOfDrummer('a', 200), ['n1']));
    const node = new Node('n1', house1(HOUSE_PRIORS));
    round.apply(0, { kind: 'open' });
    const answers = [];
    for (let bar = 1; bar < 200; bar++) {
      answers.push(round.apply(bar, { kind: 'commit', node: 'n1', bar, commitment: node.commit(bar, null) }));
      answers.push(
        round.apply(bar, { kind: 'reveal', node: 'n1', bar, ...present(node.sent.get(bar), 'sent') }),
      );
    }
    expect(answers.at(-1)).toMatchObject({ ok: false, code: 'undrained' });
    expect(drainAll(round).length).toBeLessThanOrEqual(EFFECTS_MAX);
  });
});

describe('refused inputs', () => {
  const opened = () => {
    const round = new GrooveRound(planOf(bars, ['n1', 'n2']));
    round.apply(0, { kind: 'open' });
    return round;
  };
  const hash: Uint8Array = new Uint8Array(32).fill(7);
  const commit = (bar: number, node = 'n1', bytes = hash) =>
    ({ kind: 'commit', node, bar, commitment: bytes }) as const;
  const reveal = (
    bar: number,
    forecast: Uint8Array = new Uint8Array(8),
    salt: Uint8Array = new Uint8Array(32),
  ) => ({ kind: 'reveal', node: 'n1', bar, forecast, salt }) as const;

  test.each([
    ['before it is opened', () => new GrooveRound(planOf(bars, ['n1'])), [commit(1)], 'not-open'],
    ['a second opening', opened, [{ kind: 'open' } as const], 'already-open'],
    ['a node that was not assigned', opened, [commit(1, 'stranger')], 'unknown-host'],
    ['a bar that is history', opened, [commit(0)], 'late'],
    ['a bar that is not asked for yet', opened, [commit(2)], 'not-asked'],
    ['a hash of 31 bytes', opened, [commit(1, 'n1', hash.subarray(1))], 'malformed'],
    ['a second, different commitment', opened, [commit(1), commit(1, 'n1', new Uint8Array(32))], 'double'],
    ['anything after that', opened, [commit(1), commit(1, 'n1', new Uint8Array(32)), commit(1)], 'void'],
    ['a reveal before the bar is released', opened, [commit(1), reveal(1)], 'not-asked'],
    ['a reveal of another forecast', opened, [commit(1), commit(1, 'n2'), reveal(1)], 'mismatch'],
    ['a commitment to a released bar', opened, [commit(1), commit(1, 'n2'), commit(1)], 'late'],
    ['a reveal of an old bar', opened, [reveal(0)], 'late'],
  ])('%s', (_case, make, inputs, code) => {
    const round = make();
    const answers = inputs.map((input) => round.apply(1, input));
    expect(answers.at(-1)).toMatchObject({ ok: false, code });
    for (const before of answers.slice(0, -1))
      if (code !== 'void') expect(before).toMatchObject({ ok: true });
  });

  test('a forecast that breaks its ranges is void even when it fits its commitment', () => {
    const round = new GrooveRound(planOf(bars, ['n1']));
    round.apply(0, { kind: 'open' });
    const [forecast, salt] = [new Uint8Array(10), new Uint8Array(32)];
    round.apply(
      0,
      commit(1, 'n1', commitment({ forecast, salt, node: 'n1', performance: 'take-1', bar: 1 })),
    );
    expect(round.apply(0, reveal(1, forecast, salt))).toMatchObject({ ok: false, code: 'malformed' });
  });

  test("another host's commitment cannot be opened by who copied it", () => {
    const round = opened();
    const node = new Node('n1', house1(HOUSE_PRIORS));
    const copied = node.commit(1, null);
    for (const name of ['n1', 'n2']) round.apply(0, commit(1, name, copied));
    const sent = present(node.sent.get(1), 'sent');
    expect(round.apply(0, { kind: 'reveal', node: 'n2', bar: 1, ...sent })).toMatchObject({
      ok: false,
      code: 'mismatch',
    });
    expect(round.apply(0, { kind: 'reveal', node: 'n1', bar: 1, ...sent })).toEqual({
      ok: true,
      value: null,
    });
  });

  test('a second try does not mend a reveal that did not fit', () => {
    const round = new GrooveRound(planOf(bars, ['n1']));
    const node = new Node('n1', house1(HOUSE_PRIORS));
    round.apply(0, { kind: 'open' });
    round.apply(0, commit(1, 'n1', node.commit(1, null)));
    expect(round.apply(0, reveal(1))).toMatchObject({ code: 'mismatch' });
    const sent = present(node.sent.get(1), 'sent');
    expect(round.apply(0, { kind: 'reveal', node: 'n1', bar: 1, ...sent })).toMatchObject({ code: 'void' });
    round.apply(0, commit(2, 'n1', node.commit(2, null)));
    const published = drainAll(round).find((effect) => effect.kind === 'published');
    expect(published).toMatchObject({ row: { bar: 1, hosts: [{ void: 'mismatch' }] }, reveals: [null] });
  });

  test('the same commitment sent twice is one commitment', () => {
    const round = opened();
    expect([round.apply(0, commit(1)), round.apply(1, commit(1))].map(({ ok }) => ok)).toEqual([true, true]);
  });
});

function drainAll(round: GrooveRound): RoundEffect[] {
  const effects: RoundEffect[] = [];
  for (let effect = round.drain(); effect; effect = round.drain()) effects.push(effect);
  return effects;
}
