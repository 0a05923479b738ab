import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import {
  approvedClips,
  type Ballot,
  ballotMerit,
  blindPairs,
  type Clip,
  informationMerit,
  type ObjectiveJudge,
  type Vote,
  voteOn,
} from './listening-test.ts';
import { ENVELOPE_JUDGE, WAVEFORM_JUDGE } from './objective-judges.ts';

/** A tone, the same with a hole, and the same with the hole filled at three quarters of its loudness. */
function clip(index: number): Clip {
  const reference = Float32Array.from({ length: 4800 }, (_, i) => 0.5 * Math.sin((i * (index + 3)) / 40));
  const unrepaired = Float32Array.from(reference).fill(0, 1000, 1500);
  const repaired = Float32Array.from(reference, (sample, i) =>
    i >= 1000 && i < 1500 ? sample * 0.75 : sample,
  );
  return { id: String(index), reference, repaired, unrepaired };
}

const clips = Array.from({ length: 20 }, (_, index) => clip(index));
const pairs = blindPairs(clips, 4, seededChance('pairs'));

test('sides are drawn by chance and one clip in four is planted', () => {
  expect(new Set(pairs.map((pair) => pair.repairedSide)).size).toBe(2);
  expect(pairs.filter((pair) => pair.planted)).toHaveLength(5);
});

test.each([WAVEFORM_JUDGE, ENVELOPE_JUDGE])(
  '$rule hears which version is nearer to the sent sound',
  (judge) => {
    expect(voteOn(pairs, clips, judge).every((vote) => vote.chosen === 'repaired')).toBe(true);
  },
);

test('two curators who hear alike earn a vote each', () => {
  const one = voteOn(pairs, clips, WAVEFORM_JUDGE);
  const two = voteOn(pairs, clips, ENVELOPE_JUDGE);
  expect(informationMerit(one, [two])).toBe(25_000n);
});

test('always voting left, and voting by coin, earn next to nothing', () => {
  const honest = voteOn(pairs, clips, WAVEFORM_JUDGE);
  const left: ObjectiveJudge = { rule: 'left', prefers: () => 'a' };
  expect(informationMerit(voteOn(pairs, clips, left), [honest])).toBeLessThanOrEqual(5_000n);
  const chance = seededChance('coin');
  let sum = 0n;
  for (let round = 0; round < 200; round++) {
    const coin: ObjectiveJudge = { rule: 'coin', prefers: () => (chance.below(2) === 0 ? 'a' : 'b') };
    sum += informationMerit(voteOn(pairs, clips, coin), [honest]);
  }
  // The mean of max(0, 2X − 25) for X binomial(25, ½) is 2.01 votes.
  expect(sum / 200n).toBeLessThan(2_600n);
});

test('without anybody to agree with only planted pairs count', () => {
  const votes: Vote[] = [
    { clip: '1', chosen: 'repaired', planted: true },
    { clip: '2', chosen: 'repaired', planted: false },
  ];
  expect(informationMerit(votes, [])).toBe(0n);
  expect(informationMerit(votes.slice(0, 1), [])).toBe(1_000n);
});

const says = (ownerGroup: string, chosen: Vote['chosen'], planted = false): Ballot => ({
  ownerGroup,
  votes: [{ clip: '1', chosen, planted }],
});

test.each<[string, Ballot[], string[]]>([
  ['two owner groups', [says('a', 'repaired'), says('b', 'repaired')], ['1']],
  [
    'one owner with three curators',
    [says('a', 'repaired'), says('a', 'repaired'), says('a', 'repaired')],
    [],
  ],
  [
    'two groups against two',
    ['a', 'b'].map((g) => says(g, 'repaired')).concat(['c', 'd'].map((g) => says(g, 'unrepaired'))),
    [],
  ],
  ['two groups against one', [says('a', 'repaired'), says('b', 'repaired'), says('c', 'unrepaired')], ['1']],
  [
    'a group that is divided in itself',
    [says('a', 'repaired'), says('b', 'repaired'), says('b', 'unrepaired')],
    [],
  ],
  ['plants alone', [says('a', 'repaired', true), says('b', 'repaired', true)], []],
])('approval by %s', (_name, ballots, approved) => {
  expect(approvedClips(ballots)).toEqual(approved);
});

test('a second ballot of the same owner is nobody to agree with', () => {
  const own = says('a', 'repaired');
  expect(ballotMerit(own, [own, says('a', 'repaired')])).toBe(0n);
  expect(ballotMerit(own, [own, says('b', 'repaired')])).toBe(1_000n);
});
