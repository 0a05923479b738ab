import { present } from '@jamnet/base';
import { expect, test } from 'vitest';
import { blendScores } from './blend.ts';
import { DECILES, emptyForecast, type Forecast } from './forecast.ts';
import { barsOfDrummer } from './testing/drummer.ts';
import { VOICES_BARS_MIN, Voices } from './voices.ts';

const bars = barsOfDrummer('voices', 12);
const house = emptyForecast();

/** The house, moved in each cell by what `tenthMs` says. */
function moved(tenthMs: (cell: number) => number): Forecast {
  const own = emptyForecast();
  for (let at = 0; at < own.offsetTenthMs.length; at++)
    own.offsetTenthMs[at] = tenthMs(Math.floor(at / DECILES));
  return own;
}

const leader = moved((cell) => 40 * Math.sin(cell));
const said = new Map([
  ['leader', leader],
  ['copy', leader],
  ['jittered', moved((cell) => 40 * Math.sin(cell) + 10 * Math.sin(7 * cell))],
  ['opposite', moved((cell) => -40 * Math.sin(cell))],
  ['other', moved((cell) => 40 * Math.sin(5 * cell + 1))],
  ['house', house],
  ['house too', house],
]);

function heard(count: number) {
  const voices = new Voices([...said.keys()], 'announced');
  for (const bar of bars.slice(0, count)) voices.learn(bar, house, said);
  return voices.voices();
}

test('copies, jittered or not, are one voice with their original, and hosts that only repeat the house are another', () => {
  const voices = present(heard(8), 'voices');
  const of = (group: string) => voices.get(group);
  expect([of('copy'), of('jittered')]).toEqual([of('leader'), of('leader')]);
  expect(of('house too')).toBe(of('house'));
  expect(new Set(['leader', 'opposite', 'other', 'house'].map(of)).size).toBe(4);
});

test('nobody is judged by the first bars', () => {
  expect(heard(VOICES_BARS_MIN - 1)).toBeNull();
  expect(heard(VOICES_BARS_MIN)).not.toBeNull();
});

test('saying something twice changes nothing in the blend', () => {
  const bar = present(bars[9], 'bar');
  const voices = new Map([
    ['leader', 0],
    ['copy', 0],
    ['other', 1],
  ]);
  const pick = (names: string[]) => new Map(names.map((name) => [name, present(said.get(name), name)]));
  const once = blendScores(bar, pick(['leader', 'other']), voices);
  const twice = blendScores(bar, pick(['leader', 'copy', 'other']), voices);
  expect(twice?.all).toEqual(once?.all);
  expect(twice?.without.find(({ ownerGroup }) => ownerGroup === 'copy')?.score).toEqual(once?.all);
});

test('in the task live the probabilities of cells tell voices apart', () => {
  const probable = (first: number): Forecast => {
    const own = emptyForecast();
    for (let cell = first; cell < 144; cell += 3) own.hitPermille[cell] = 900;
    return own;
  };
  const live = new Map([
    ['a', probable(0)],
    ['b', probable(0)],
    ['c', probable(1)],
  ]);
  const voices = new Voices([...live.keys()], 'live');
  for (const bar of bars) voices.learn(bar, house, live);
  const found = present(voices.voices(), 'voices');
  expect([found.get('a') === found.get('b'), found.get('a') === found.get('c')]).toEqual([true, false]);
});
