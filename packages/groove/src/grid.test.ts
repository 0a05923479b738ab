import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BARS_MAX, barsOf, cellsOf, type Onset } from './bars.ts';
import {
  barLineUs,
  commitDeadlineUs,
  type Grid,
  gridOf,
  nearestSixteenth,
  sixteenthUs,
  TEMPO_CHANGES_MAX,
} from './grid.ts';
import { gridAt120 } from './testing/drummer.ts';

function grid(tempoMap: { beat: number; usPerBeat: number }[], firstBarOffsetUs = 0): Grid {
  const made = gridOf({ tempoMap, firstBarOffsetUs });
  return made.ok ? made.value : expect.fail(made.message);
}

describe('the grid', () => {
  test('bar lines follow the tempo map from the first bar on', () => {
    const changing = grid(
      [
        { beat: 0, usPerBeat: 400_000 },
        { beat: 8, usPerBeat: 600_000 },
      ],
      35_000,
    );
    expect([0, 1, 2, 3].map((bar) => barLineUs(changing, bar))).toEqual([
      35_000, 1_635_000, 3_235_000, 5_635_000,
    ]);
  });

  test('a tempo that no sixteenth divides does not drift', () => {
    const odd = grid([{ beat: 0, usPerBeat: 428_571 }]);
    expect(barLineUs(odd, 1000)).toBe(4000 * 428_571);
    expect(sixteenthUs(odd, 1)).toBe(107_143);
  });

  test('commitments close half a sixteenth before the bar line, by the tempo that leads to it', () => {
    const changing = grid([
      { beat: 0, usPerBeat: 400_000 },
      { beat: 4, usPerBeat: 800_000 },
    ]);
    expect(commitDeadlineUs(changing, 1)).toBe(1_600_000 - 50_000);
  });

  test('any moment is within half a sixteenth of its nearest one', () => {
    const steady = grid([{ beat: 0, usPerBeat: 428_571 }], -77);
    fc.assert(
      fc.property(fc.integer({ min: -5_000_000, max: 900_000_000 }), (timeUs) => {
        const { sixteenth, offsetUs } = nearestSixteenth(steady, timeUs);
        expect(sixteenthUs(steady, sixteenth) + offsetUs).toBe(timeUs);
        expect(Math.abs(offsetUs)).toBeLessThanOrEqual(53_572);
      }),
    );
  });

  const many = Array.from({ length: TEMPO_CHANGES_MAX + 1 }, (_, beat) => ({ beat, usPerBeat: 500_000 }));
  test.each([
    ['no tempo', [], 0, 'tempo-map'],
    ['a first tempo after the beginning', [{ beat: 1, usPerBeat: 500_000 }], 0, 'tempo-map'],
    [
      'beats that do not rise',
      [
        { beat: 0, usPerBeat: 500_000 },
        { beat: 0, usPerBeat: 400_000 },
      ],
      0,
      'tempo-map',
    ],
    ['a fraction of a microsecond', [{ beat: 0, usPerBeat: 500_000.5 }], 0, 'tempo-map'],
    ['a tempo of nothing', [{ beat: 0, usPerBeat: 0 }], 0, 'tempo-map'],
    ['more changes than the limit', many, 0, 'tempo-map'],
    ['a first bar that is not a number', [{ beat: 0, usPerBeat: 500_000 }], Number.NaN, 'first-bar'],
  ])('%s is refused', (_case, tempoMap, firstBarOffsetUs, code) => {
    expect(gridOf({ tempoMap, firstBarOffsetUs })).toMatchObject({ ok: false, code });
  });

  test('anything but 4/4 is refused', () => {
    const tempoMap = [{ beat: 0, usPerBeat: 500_000 }];
    const refused = gridOf({ tempoMap, firstBarOffsetUs: 0, timeSignature: { beatsPerBar: 3, beatUnit: 4 } });
    expect(refused).toMatchObject({ ok: false, code: 'meter' });
  });
});

describe('bars', () => {
  const onset = (timeUs: number, instrument = 0, velocity = 100): Onset => ({ timeUs, instrument, velocity });

  test('an onset belongs to its nearest sixteenth, late or early', () => {
    const bars = barsOf([onset(2_000_000 - 30_000), onset(2_125_000 + 40_000, 1)], gridAt120());
    expect(bars[1]?.hits).toEqual([
      { cell: 0, offsetUs: -30_000, velocity: 100 },
      { cell: 17, offsetUs: 40_000, velocity: 100 },
    ]);
    expect(bars[0]?.hits).toEqual([]);
  });

  test('of several strokes on one cell the loudest stays, of equals the earlier', () => {
    const bars = barsOf([onset(1000, 2, 40), onset(9000, 2, 90), onset(12_000, 2, 90)], gridAt120());
    expect(bars[0]?.hits).toEqual([{ cell: 32, offsetUs: 9000, velocity: 90 }]);
  });

  test('onsets before the first bar and after the longest performance fall away', () => {
    const bars = barsOf([onset(-80_000), onset(0), onset((BARS_MAX + 1) * 2_000_000)], gridAt120());
    expect(bars).toHaveLength(BARS_MAX);
    expect(bars.reduce((sum, bar) => sum + bar.hits.length, 0)).toBe(1);
  });

  test('hits stand in the order of step, then instrument, and cells ascending', () => {
    const bars = barsOf([onset(125_000, 0), onset(0, 2), onset(0, 1)], gridAt120());
    expect(bars[0]?.hits.map((hit) => hit.cell)).toEqual([16, 32, 1]);
    expect(bars[0] && cellsOf(bars[0])).toEqual([1, 16, 32]);
  });
});
