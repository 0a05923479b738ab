import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { type CountedVote, creditMilliVotes, opinionsOf, standingOf } from './credit.ts';

const open = (clip: string, ownerGroup: string, isFor: boolean): CountedVote => ({
  clip,
  ownerGroup,
  isPlanted: false,
  isFor,
});
const plant = (ownerGroup: string, isFor: boolean): CountedVote => ({
  clip: 'p',
  ownerGroup,
  isPlanted: true,
  isFor,
});

test.each<[string, CountedVote[], CountedVote[], { settled: number; agreeing: number; waiting: number }]>([
  ['a planted pair answered rightly', [plant('a', true)], [], { settled: 1, agreeing: 1, waiting: 0 }],
  ['a planted pair answered wrongly', [plant('a', false)], [], { settled: 1, agreeing: 0, waiting: 0 }],
  [
    'an open pair that nobody else judged',
    [open('1', 'a', true)],
    [],
    { settled: 0, agreeing: 0, waiting: 1 },
  ],
  [
    'an open pair that only the own household judged',
    [open('1', 'a', true)],
    [open('1', 'a', true), open('1', 'a', true)],
    { settled: 0, agreeing: 0, waiting: 1 },
  ],
  [
    'an open pair that another group judged alike',
    [open('1', 'a', false)],
    [open('1', 'b', false)],
    { settled: 1, agreeing: 1, waiting: 0 },
  ],
  [
    'one group of nine against two of one: groups count, not curators',
    [open('1', 'a', true)],
    [...Array.from({ length: 9 }, () => open('1', 'b', false)), open('1', 'c', true), open('1', 'd', true)],
    { settled: 1, agreeing: 1, waiting: 0 },
  ],
  [
    'others who are divided',
    [open('1', 'a', true)],
    [open('1', 'b', true), open('1', 'c', false)],
    { settled: 0, agreeing: 0, waiting: 1 },
  ],
])('%s', (_what, own, others, standing) => {
  expect(standingOf(own, 'a', opinionsOf([...own, ...others]))).toEqual(standing);
});

test.each([
  // 1000·(2·10 − 10) − ⌈1645·√10⌉ = 10,000 − 5,202
  [10, 10, 4_798n],
  [4, 4, 710n],
  [3, 3, 150n],
  [2, 2, 0n],
  [60, 100, 3_550n],
  [50, 100, 0n],
  [0, 10, 0n],
  [0, 0, 0n],
])('%d of %d agreeing answers are worth %d thousandths of a vote', (agreeing, settled, milliVotes) => {
  expect(creditMilliVotes({ agreeing, settled })).toBe(milliVotes);
});

test('a coin of a thousand answers, paid at its best moment, earns less than three votes on average', () => {
  const chance = seededChance('coin');
  let sum = 0n;
  for (let person = 0; person < 400; person++) {
    let [agreeing, best] = [0, 0n];
    for (let settled = 1; settled <= 1000; settled++) {
      agreeing += chance.below(2);
      // Credit is looked at when a round of ten has ended.
      const credit = settled % 10 === 0 ? creditMilliVotes({ agreeing, settled }) : 0n;
      if (credit > best) best = credit;
    }
    sum += best;
  }
  const honest = creditMilliVotes({ agreeing: 800, settled: 1000 });
  expect(sum / 400n).toBeLessThan(3_000n);
  expect(honest).toBeGreaterThan(500_000n);
});
