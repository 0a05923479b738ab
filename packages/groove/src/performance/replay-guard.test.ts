import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import type { Bar } from '../bars.ts';
import { barsOfDrummer } from '../testing/drummer.ts';
import { REMEMBERED_BARS_MAX, ReplayGuard } from './replay-guard.ts';

const played = barsOfDrummer('original', 40);

/** The same performance with a constant delay, noise of `noiseMs` either way on each stroke, and some strokes left out. */
function disguised(bars: readonly Bar[], delayMs: number, noiseMs: number, leaveOut: number): Bar[] {
  const chance = seededChance('disguise');
  return bars.map((bar) => ({
    ...bar,
    hits: bar.hits
      .filter(() => chance.unit() >= leaveOut)
      .map((hit) => ({
        ...hit,
        offsetUs: hit.offsetUs + Math.round(1000 * (delayMs + noiseMs * (2 * chance.unit() - 1))),
      })),
  }));
}

function answerTo(second: readonly Bar[]) {
  const guard = new ReplayGuard();
  expect(guard.check(played)).toMatchObject({ ok: true });
  guard.remember('first', played);
  return guard.check(second);
}

test.each([
  ['the same performance', disguised(played, 0, 0, 0)],
  ['one delayed by 12 ms', disguised(played, 12, 0, 0)],
  ['one with 8 ms of noise either way', disguised(played, 0, 8, 0)],
  ['one that leaves out a stroke in ten', disguised(played, 3, 3, 0.1)],
  ['an excerpt that starts elsewhere', played.slice(20).map((bar, index) => ({ ...bar, index }))],
  [
    'an excerpt behind ten new bars',
    [...barsOfDrummer('new', 10), ...played.slice(0, 10).map((bar) => ({ ...bar, index: bar.index + 10 }))],
  ],
])('refuses %s', (_name, second) => {
  expect(answerTo(second)).toMatchObject({ ok: false, code: 'performance-replayed' });
});

test.each([
  ['another drummer who plays the same pattern', barsOfDrummer('other', 40)],
  ['the same habits played a second time', barsOfDrummer('original', 80).slice(40)],
  ['a performance of two bars', played.slice(0, 2)],
])('takes %s', (_name, second) => {
  expect(answerTo(second)).toMatchObject({ ok: true });
});

test('a full guard forgets the oldest performances, and only as many as it must', () => {
  const guard = new ReplayGuard();
  const second = barsOfDrummer('second', 40);
  const silence = (count: number): Bar[] =>
    Array.from({ length: count }, (_, index) => ({ index, hits: [] }));
  guard.remember('first', played);
  guard.remember('second', second);
  guard.remember('long', silence(REMEMBERED_BARS_MAX - 80));
  expect(guard.check(played)).toMatchObject({ code: 'performance-replayed' });
  guard.remember('one bar more', silence(1));
  expect(guard.check(played)).toMatchObject({ ok: true });
  expect(guard.check(second)).toMatchObject({ code: 'performance-replayed' });
});
