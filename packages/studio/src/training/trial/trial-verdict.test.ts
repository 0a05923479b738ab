import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { TRIAL_POLICY, type TrialVote, trialVerdict } from './trial-verdict.ts';

const OPENED = 1_000n;
const at = (nowUs = OPENED) => ({ openedAtUs: OPENED, nowUs });
const verdict = (votes: readonly TrialVote[], nowUs?: bigint) => trialVerdict(TRIAL_POLICY, votes, at(nowUs));

interface Curator {
  readonly payee: string;
  readonly group?: string;
  /** Open pairs of twelve on which the candidate is preferred. */
  readonly towards: number;
  /** Planted pairs of eight that are answered right. */
  readonly right?: number;
  readonly open?: number;
  readonly plants?: number;
}

function answersOf({
  payee,
  group = payee,
  towards,
  right = 8,
  open = 12,
  plants = 8,
}: Curator): TrialVote[] {
  const vote = (clip: string, isPlanted: boolean, isFor: boolean) => ({
    ...{ payee, ownerGroup: group, clip, isPlanted, isFor },
  });
  return [
    ...Array.from({ length: open }, (_, n) => vote(`open ${n}`, false, n < towards)),
    ...Array.from({ length: plants }, (_, n) => vote(`plant ${n}`, true, n < right)),
  ];
}
const heardBy = (...curators: Curator[]) => verdict(curators.flatMap(answersOf));

test('a candidate that three owner groups hear as worse is refused, with the reason', () => {
  expect(
    heardBy({ payee: 'a', towards: 2 }, { payee: 'b', towards: 1 }, { payee: 'c', towards: 3 }),
  ).toMatchObject({
    state: 'refused',
    code: 'curators-prefer-released',
    groups: 3,
    reason: expect.stringContaining('prefer the released model'),
  });
});

test('one that they prefer is released, and one that they cannot tell apart too: it has its figures', () => {
  expect(
    heardBy({ payee: 'a', towards: 11 }, { payee: 'b', towards: 10 }, { payee: 'c', towards: 9 }),
  ).toMatchObject({ state: 'released', code: 'heard' });
  expect(
    heardBy({ payee: 'a', towards: 7 }, { payee: 'b', towards: 5 }, { payee: 'c', towards: 6 }),
  ).toMatchObject({ state: 'released', code: 'heard' });
});

test('one group that hears everything against it refuses nothing alone', () => {
  expect(
    heardBy({ payee: 'a', towards: 0 }, { payee: 'b', towards: 6 }, { payee: 'c', towards: 6 }),
  ).toMatchObject({ state: 'released', code: 'heard' });
});

test('two groups are too few: it waits, until its time is over and the figures decide', () => {
  const votes = [
    { payee: 'a', towards: 0 },
    { payee: 'b', towards: 0 },
  ].flatMap(answersOf);
  expect(verdict(votes)).toMatchObject({ state: 'waiting', code: null, groups: 2 });
  expect(verdict(votes, OPENED + TRIAL_POLICY.deadlineUs - 1n).state).toBe('waiting');
  expect(verdict(votes, OPENED + TRIAL_POLICY.deadlineUs)).toMatchObject({
    state: 'released',
    code: 'deadline',
    groups: 2,
  });
});

test('a curator who fails the planted pairs does not count', () => {
  const deaf = { payee: 'c', towards: 0, right: 6 };
  const [a, b] = [
    { payee: 'a', towards: 1 },
    { payee: 'b', towards: 1 },
  ];
  expect(heardBy(a, b, deaf)).toMatchObject({ state: 'waiting', groups: 2, untrusted: 1 });
  expect(heardBy(a, b, { ...deaf, right: 7 })).toMatchObject({ state: 'refused', groups: 3, untrusted: 0 });
});

test('a curator who is not done does not count', () => {
  const [a, b] = [
    { payee: 'a', towards: 1 },
    { payee: 'b', towards: 1 },
  ];
  expect(heardBy(a, b, { payee: 'c', towards: 0, open: 5 }).groups).toBe(2);
  expect(heardBy(a, b, { payee: 'c', towards: 0, plants: 4, right: 4 }).groups).toBe(2);
  expect(heardBy(a, b, { payee: 'c', towards: 0, open: 6, plants: 5, right: 5 }).groups).toBe(3);
});

test('all curators of one owner group are one voice', () => {
  const house = ['x', 'y', 'z'].map((payee) => ({ payee, group: 'house', towards: 0 }));
  expect(heardBy(...house)).toMatchObject({ state: 'waiting', groups: 1 });
  // With two more groups the three count as one: what they say three times is said once.
  const others = [
    { payee: 'a', towards: 6 },
    { payee: 'b', towards: 6 },
  ];
  const one = heardBy({ payee: 'x', group: 'house', towards: 0 }, ...others).lean;
  expect(heardBy(...house, ...others).lean).toEqual(one);
  // Where they differ, what most of them say is what the house says.
  const divided = house.map((curator, n) => ({ ...curator, towards: n === 0 ? 12 : 0 }));
  expect(heardBy(...divided, ...others).lean).toEqual(one);
});

test('curators who choose by coin hardly ever count, and refuse a good candidate in few cases of a hundred', () => {
  const chance = seededChance('coins');
  const coin = (count: number) => Array.from({ length: count }, () => chance.below(2)).filter(Boolean).length;
  let [trusted, refused] = [0, 0];
  for (let round = 0; round < 400; round++) {
    const groups = ['a', 'b', 'c'].map((payee) => ({ payee, towards: coin(12) }));
    if (heardBy(...groups).state === 'refused') refused++;
    trusted += heardBy({ payee: 'coin', towards: 6, right: coin(8) }).groups;
  }
  // 9 of 256 reach seven of eight by chance; one-sided 95 %.
  expect(trusted / 400).toBeLessThan(0.07);
  expect(refused / 400).toBeLessThan(0.1);
});
