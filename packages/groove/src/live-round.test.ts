import { present } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { type Bar, cellsOf } from './bars.ts';
import { commitment } from './commitment.ts';
import { encodeForecast } from './forecast.ts';
import { commitDeadlineUs } from './grid.ts';
import { house1 } from './house.ts';
import { HOUSE_PRIORS } from './house-priors.ts';
import { LIVE_BARS_BEHIND_MAX, LIVE_EFFECTS_MAX, LiveRound } from './live-round.ts';
import type { LiveEffect, LivePlan } from './live-round-types.ts';
import type { RoundRecord } from './round-types.ts';
import { barsOfDrummer, gridAt120 } from './testing/drummer.ts';

const STARTS_AT_US = 5_000_000;
const REVEAL_US = 400_000;
/** From the relay to a player, a host or back. */
const WAY_US = 20_000;
const grid = gridAt120();
const bars = barsOfDrummer('live', 12);
const deadlineUs = (bar: number) => STARTS_AT_US + commitDeadlineUs(grid, bar);

const plan = (changes: Partial<LivePlan> = {}): LivePlan => ({
  performance: 'take-1',
  performerGroup: 'band',
  hosts: [{ node: 'n1', ownerGroup: 'o1' }],
  grid,
  startsAtUs: STARTS_AT_US,
  announced: (bar) => cellsOf(present(bars[bar] ?? bars[0], 'bar')),
  priors: HOUSE_PRIORS,
  revealLimitUs: REVEAL_US,
  voidChargePpm: 100_000,
  ...changes,
});

/** An honest host: forecasts as the house from what it has heard when it is its time. */
class Host {
  readonly sent = new Map<number, { forecast: Uint8Array; salt: Uint8Array }>();
  readonly house = house1(HOUSE_PRIORS);
  commit(bar: number): Uint8Array {
    const forecast = encodeForecast(this.house.forecast(bar, null));
    const salt = new Uint8Array(32).fill(bar);
    this.sent.set(bar, { forecast, salt });
    return commitment({ forecast, salt, node: 'n1', performance: 'take-1', bar });
  }
}

interface Habits {
  /** When the host's commitment to a bar arrives. */
  readonly commitAtUs: (bar: number) => number;
  readonly reveals: (bar: number) => boolean;
}
const HONEST: Habits = { commitAtUs: (bar) => deadlineUs(bar) - WAY_US, reveals: () => true };

/** Plays the whole performance: commitments, deadlines and bars in the order in which the relay receives them. */
function play(round: LiveRound, habits: Habits = HONEST): { effects: LiveEffect[]; record: RoundRecord } {
  const host = new Host();
  const effects: LiveEffect[] = [];
  const drain = (nowUs: number): void => {
    for (let effect = round.drain(); effect; effect = round.drain()) {
      effects.push(effect);
      if (effect.kind !== 'release') continue;
      for (const bar of effect.bars) {
        host.house.observe(bar);
        const sent = host.sent.get(bar.index);
        if (sent && habits.reveals(bar.index))
          round.apply(nowUs + WAY_US, { kind: 'reveal', node: 'n1', bar: bar.index, ...sent });
      }
    }
  };
  const events = bars.flatMap((bar) => [
    { atUs: habits.commitAtUs(bar.index), bar, kind: 'commit' as const },
    { atUs: deadlineUs(bar.index + 1) + WAY_US, bar, kind: 'bar' as const },
  ]);
  for (const { atUs, bar, kind } of events.sort((a, b) => a.atUs - b.atUs)) {
    if (kind === 'bar') round.apply(atUs, { kind, bar });
    else round.apply(atUs, { kind, node: 'n1', bar: bar.index, commitment: host.commit(bar.index) });
    drain(atUs);
  }
  const end = deadlineUs(bars.length + 1);
  round.apply(end, { kind: 'advance' });
  drain(end);
  round.apply(end, { kind: 'end' });
  drain(end);
  const last = effects.at(-1);
  return { effects, record: last?.kind === 'closed' ? last.record : expect.fail('the round did not close') };
}

describe('a live round', () => {
  test('an honest host that knows what the house knows scores as the house does', () => {
    const { record } = play(new LiveRound(plan()));
    expect(record.rows.map(({ bar }) => bar)).toEqual(bars.slice(1).map(({ index }) => index));
    for (const row of record.rows) expect(row.hosts[0]).toMatchObject({ void: null, score: row.house1 });
  });

  test('each published bar carries when the relay received its commitments', () => {
    const { effects } = play(new LiveRound(plan()));
    const published = effects.filter((effect) => effect.kind === 'published');
    expect(published.map(({ receivedAtUs }) => receivedAtUs)).toEqual(
      bars.slice(1).map(({ index }) => [deadlineUs(index) - WAY_US]),
    );
  });

  test('a commitment at the deadline counts, one a microsecond later is void and charged', () => {
    const late = { ...HONEST, commitAtUs: (bar: number) => deadlineUs(bar) + (bar === 5 ? 1 : 0) };
    const { record } = play(new LiveRound(plan()), late);
    expect(record.rows.filter(({ hosts }) => hosts[0]?.void).map(({ bar }) => bar)).toEqual([5]);
    const row = present(
      record.rows.find(({ bar }) => bar === 5),
      'row of bar 5',
    );
    expect(row.hosts[0]).toMatchObject({ void: 'missing', commitment: null });
    expect(row.hosts[0]?.score.timing).toBe(Math.ceil(row.house1.timing * 1.1));
  });

  test('what is not opened in time is void, and nothing of it is published', () => {
    const { effects, record } = play(new LiveRound(plan()), { ...HONEST, reveals: (bar) => bar !== 4 });
    expect(record.rows.find(({ bar }) => bar === 4)?.hosts[0]?.void).toBe('unopened');
    const published = effects.find((effect) => effect.kind === 'published' && effect.row.bar === 4);
    expect(published).toMatchObject({ reveals: [null] });
  });

  test('a bar is asked for before, and published only after, everybody could hear it', () => {
    const kinds = play(new LiveRound(plan())).effects.map((effect) =>
      effect.kind === 'ask'
        ? `ask ${effect.bar}`
        : effect.kind === 'published'
          ? `out ${effect.row.bar}`
          : effect.kind,
    );
    expect(kinds.indexOf('ask 6')).toBeLessThan(kinds.indexOf('out 5'));
    expect(kinds.indexOf('out 5')).toBeLessThan(kinds.indexOf('out 6'));
  });

  test('whoever commits the moment it is asked knows what the house will know', () => {
    const round = new LiveRound(plan());
    const host = new Host();
    const drain = (nowUs: number): void => {
      for (let effect = round.drain(); effect; effect = round.drain()) {
        if (effect.kind === 'ask')
          round.apply(nowUs, {
            kind: 'commit',
            node: 'n1',
            bar: effect.bar,
            commitment: host.commit(effect.bar),
          });
        else if (effect.kind === 'release')
          for (const bar of effect.bars) {
            host.house.observe(bar);
            const sent = present(host.sent.get(bar.index), 'commitment');
            round.apply(nowUs, { kind: 'reveal', node: 'n1', bar: bar.index, ...sent });
          }
        else if (effect.kind === 'published')
          expect(effect.row.hosts[0]).toMatchObject({ void: null, score: effect.row.house1 });
      }
    };
    for (const atUs of [STARTS_AT_US - 1_000_000, deadlineUs(0) + 1]) {
      round.apply(atUs, { kind: 'advance' });
      drain(atUs);
    }
    for (const bar of bars) {
      for (const [atUs, input] of [
        [deadlineUs(bar.index + 1) + 1, { kind: 'advance' }],
        [deadlineUs(bar.index + 1) + WAY_US, { kind: 'bar', bar }],
      ] as const) {
        round.apply(atUs, input);
        drain(atUs);
      }
    }
    expect(host.sent.size).toBe(bars.length + 2); // The two bars after the last one were asked for too.
  });

  test('hosts are asked halfway to the deadline when the performer hands over late', () => {
    const round = new LiveRound(plan());
    const asked = (nowUs: number): number[] => {
      round.apply(nowUs, { kind: 'advance' });
      const numbers = [];
      for (let effect = round.drain(); effect; effect = round.drain())
        if (effect.kind === 'ask') numbers.push(effect.bar);
      return numbers;
    };
    const halfwayUs = (deadlineUs(1) + deadlineUs(2)) / 2;
    expect(asked(deadlineUs(0) + 1)).toEqual([1]);
    expect(asked(deadlineUs(1) + 1)).toEqual([]);
    expect(round.nextCallUs).toBe(halfwayUs);
    expect(asked(halfwayUs - 1)).toEqual([]);
    expect(asked(halfwayUs)).toEqual([2]);
  });

  test('strokes that were not announced are not scored', () => {
    const kicks = (bar: Bar) => cellsOf(bar).filter((cell) => cell < 16);
    const round = new LiveRound(plan({ announced: (bar) => kicks(present(bars[bar] ?? bars[0], 'bar')) }));
    for (const row of play(round).record.rows)
      expect(row.hits).toBe(kicks(present(bars[row.bar], 'bar')).length);
  });

  test('a performer who falls silent ends the round, and no host is charged for it', () => {
    const round = new LiveRound(plan());
    round.apply(STARTS_AT_US, { kind: 'advance' });
    for (let bar = 0; !round.closed; bar++) {
      expect(bar).toBeLessThan(LIVE_BARS_BEHIND_MAX + 2);
      round.apply(deadlineUs(bar) + 1, { kind: 'advance' });
    }
    let last = round.drain();
    for (let effect = last; effect; effect = round.drain()) last = effect;
    expect(last).toMatchObject({ kind: 'closed', record: { rows: [] } });
  });

  test('a shell that slept through the whole performance gets one end, not a hundred questions', () => {
    const round = new LiveRound(plan());
    expect(round.apply(deadlineUs(500), { kind: 'advance' })).toMatchObject({ ok: false, code: 'closed' });
    let count = 0;
    while (round.drain()) count++;
    expect(count).toBeLessThanOrEqual(LIVE_EFFECTS_MAX);
  });

  test('says when it wants to be called: at the next deadline or when a reveal runs out', () => {
    const round = new LiveRound(plan());
    round.apply(STARTS_AT_US - 1_000_000, { kind: 'advance' });
    expect(round.nextCallUs).toBe(deadlineUs(0));
    round.apply(deadlineUs(0) + 1, { kind: 'advance' });
    expect(round.nextCallUs).toBe(deadlineUs(1));
  });
});

describe('refused inputs of a live round', () => {
  const opened = () => {
    const round = new LiveRound(plan());
    round.apply(deadlineUs(0) - 1, { kind: 'advance' });
    return round;
  };
  const hash: Uint8Array = new Uint8Array(32);
  const commit = (bar: number, node = 'n1', bytes = hash) =>
    ({ kind: 'commit', node, bar, commitment: bytes }) as const;
  const reveal = (bar: number) =>
    ({ kind: 'reveal', node: 'n1', bar, forecast: new Uint8Array(1), salt: hash }) as const;
  const play0 = { kind: 'bar', bar: present(bars[0], 'bar 0') } as const;

  test.each([
    ['a stranger', deadlineUs(0), [commit(0, 'n9')], 'unknown-host'],
    ['a bar that is not asked for yet', deadlineUs(0), [commit(1)], 'not-asked'],
    [
      'a second, different commitment',
      deadlineUs(0),
      [commit(0), commit(0, 'n1', hash.slice().fill(1))],
      'double',
    ],
    ['a hash of 31 bytes', deadlineUs(0), [commit(0, 'n1', hash.subarray(1))], 'malformed'],
    ['a commitment past the deadline', deadlineUs(0) + 1, [commit(0)], 'late'],
    ['a bar before its deadline', deadlineUs(0), [play0], 'not-asked'],
    ['a bar out of turn', deadlineUs(2) + 1, [{ ...play0, bar: present(bars[1], 'bar 1') }], 'not-asked'],
    ['a bar twice', deadlineUs(1) + 1, [play0, play0], 'late'],
    ['a reveal before the bar was heard', deadlineUs(0), [commit(0), reveal(0)], 'not-asked'],
    ['anything for a bar that is over', deadlineUs(1) + 1, [play0, reveal(0)], 'late'],
    ['anything after the end', deadlineUs(0), [{ kind: 'end' } as const, commit(0)], 'closed'],
  ])('%s', (_name, nowUs, inputs, code) => {
    const round = opened();
    const answers = inputs.map((input) => round.apply(nowUs, input));
    expect(answers.at(-1)).toMatchObject({ ok: false, code });
    for (const before of answers.slice(0, -1)) expect(before).toMatchObject({ ok: true });
  });

  test('inputs while nobody drains', () => {
    const round = opened();
    let answer = round.apply(deadlineUs(0), commit(0));
    for (const bar of bars) {
      for (const input of [{ kind: 'advance' } as const, { kind: 'bar', bar } as const])
        answer = round.apply(deadlineUs(bar.index + 1) + REVEAL_US, input);
    }
    expect(answer).toMatchObject({ ok: false, code: 'undrained' });
  });
});
