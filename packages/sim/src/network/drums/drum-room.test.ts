import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { clickFigures, strokeFigures } from './drum-figures.ts';
import { DrumRoom, type DrumRoomPlan, type Stroke } from './drum-room.ts';

const BEAT_US = 500_000;
const [KICK, SNARE, HAT] = [36, 38, 42];
const QUIET = { seed: 'drums', loss: 0, burstMs: 0, wayMs: 8, jitterMs: 2 };
const STORMY = { ...QUIET, loss: 0.08, burstMs: 250 };

/** A rock beat of so many bars, played `aheadUs` before the beat and some ms loose. */
function rock(bars: number, aheadUs = 0): Stroke[] {
  const chance = seededChance('drummer');
  const strokes: Stroke[] = [];
  for (let eighth = 0; eighth < bars * 8; eighth++) {
    const drum = [KICK, -1, SNARE, -1][eighth % 4] ?? -1;
    for (const pitch of drum < 0 ? [HAT] : [drum, HAT])
      strokes.push({
        pitch,
        velocity: 90,
        atUs: Math.max(0, (eighth * BEAT_US) / 2 - aheadUs + chance.below(8_000)),
      });
  }
  return strokes.sort((a, b) => a.atUs - b.atUs);
}

const BARS = 20;
const UNTIL_US = BARS * 4 * BEAT_US;

function plan(changes: Partial<DrumRoomPlan> = {}): DrumRoomPlan {
  return {
    network: QUIET,
    tempoMilliBpm: 120_000,
    strokes: rock(BARS),
    untilUs: UNTIL_US + 1e6,
    hasForecast: true,
    click: 'off',
    ...changes,
  };
}

function figures(changes: Partial<DrumRoomPlan> = {}, fromUs = 4e6, untilUs = UNTIL_US) {
  const { listener } = new DrumRoom(plan(changes)).run();
  return { ...strokeFigures(rock(BARS), listener.strokes, fromUs, untilUs), foretold: listener.foretold };
}

test('through a network that loses nothing every stroke is heard in time, and none is made up', () => {
  const { strokes, inTime, extra, foretold } = figures();
  expect([inTime, extra, foretold]).toEqual([strokes, 0, 0]);
});

test('where a line falls silent for moments, most of the strokes that would be missed are heard by forecast, and few too many', () => {
  const before = figures({ network: STORMY, hasForecast: false });
  const after = figures({ network: STORMY });
  const missed = before.strokes - before.inTime;
  expect(missed).toBeGreaterThan(20);
  expect(before.foretold).toBe(0);
  expect(after.strokes - after.inTime).toBeLessThan(missed / 2);
  expect(after.extra).toBeLessThan(before.strokes / 50);
});

test('the same seed plays the same evening', () => {
  const heard = () => new DrumRoom(plan({ network: STORMY })).run().listener.strokes;
  expect(heard()).toEqual(heard());
});

test('who joins late has lost strokes foretold after the bars that were heard, as who was there from the beginning', () => {
  const late = { joinsAtUs: 14e6 };
  const quiet = figures(late, 16e6);
  expect([quiet.inTime, quiet.extra]).toEqual([quiet.strokes, 0]);
  const before = figures({ ...late, network: STORMY, hasForecast: false }, 20e6);
  const after = figures({ ...late, network: STORMY }, 20e6);
  expect(before.strokes - before.inTime).toBeGreaterThan(10);
  expect(after.strokes - after.inTime).toBeLessThan((before.strokes - before.inTime) / 2);
});

test('a drummer who vanishes is heard to play on for two seconds and no more, and no note is left sounding', () => {
  const { listener } = new DrumRoom(plan({ vanishesAtUs: 20e6 })).run();
  const after = listener.strokes.filter(({ atUs }) => atUs > 20.1e6);
  expect(after.length).toBeGreaterThan(4);
  expect(after.at(-1)?.atUs).toBeLessThan(22.2e6);
  expect([...listener.sounding]).toEqual([]);
});

test('a drummer who rests is not made to play, whatever the line does', () => {
  const strokes = rock(BARS).filter(({ atUs }) => atUs < 16e6);
  const { listener } = new DrumRoom(plan({ strokes, network: STORMY })).run();
  expect(listener.strokes.filter(({ atUs }) => atUs > 19.2e6)).toEqual([]);
});

test('a click that follows is with a band that plays ahead, at the drummer’s and at the listener’s alike, through a bad network', () => {
  const strokes = rock(BARS, 25_000);
  const clicks = (click: 'plain' | 'band') => {
    const { drummer, listener } = new DrumRoom(plan({ strokes, network: STORMY, click })).run();
    const mean = (heard: readonly number[]) => {
      const { beats, clickUs } = clickFigures(strokes, heard, BEAT_US);
      expect(beats).toBeGreaterThan(70);
      return clickUs / beats;
    };
    const apart = listener.clicksUs.map((at) =>
      Math.min(...drummer.clicksUs.map((other) => Math.abs(at - other))),
    );
    return {
      drummer: mean(drummer.clicksUs),
      listener: mean(listener.clicksUs),
      apartMost: Math.max(...apart),
    };
  };
  const [plain, band] = [clicks('plain'), clicks('band')];
  expect(plain.listener).toBeGreaterThan(18_000);
  expect(plain.apartMost).toBeLessThan(2_000);
  for (const each of [band.drummer, band.listener]) expect(each).toBeLessThan(plain.listener / 2);
  // What one of them missed moves a click by a part of one stroke.
  expect(band.apartMost).toBeLessThan(10_000);
});

test('a late joiner’s click is with the band after a few bars; when the drummer vanishes it goes back to the announced beat', () => {
  const strokes = rock(BARS, 40_000).filter(({ atUs }) => atUs < 20e6);
  const { listener } = new DrumRoom(plan({ strokes, click: 'band', joinsAtUs: 9e6 })).run();
  const offsetAt = (us: number): number => {
    const at = listener.clicksUs.find((click) => click > us) ?? Number.NaN;
    return at - Math.round(at / BEAT_US) * BEAT_US;
  };
  // Two corrections at the most: it began on the announced beat.
  expect(Math.abs(offsetAt(9.6e6))).toBeLessThan(21_000);
  expect(offsetAt(18e6)).toBeLessThan(-25_000);
  expect(Math.abs(offsetAt(35e6))).toBeLessThan(1_000);
});
