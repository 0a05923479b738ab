import { expect, test } from 'vitest';
import { type CommitWork, idleRuns, PAIRED_PARTIES_MAX, partiesOf, workGroups } from './epoch-groups.ts';

const works = (...people: readonly string[]): CommitWork[] =>
  people.map((names, number) => ({ people: names.split('+'), pieces: [number] }));

test('people who share a commit are one party, also through others', () => {
  expect(partiesOf(works('a', 'b', 'a+c', 'd', 'c+d'))).toEqual([[1], [0, 2, 3, 4]]);
});

test('one party is tried as a whole; of several each, every two and all but one', () => {
  expect(workGroups(works('a', 'a'))).toEqual([[0, 1]]);
  expect(workGroups(works('a', 'b', 'c', 'a'))).toEqual([
    [0, 1, 2, 3],
    ...[[1], [2], [0, 3]],
    ...[
      [1, 2],
      [1, 0, 3],
      [2, 0, 3],
    ],
    ...[
      [0, 2, 3],
      [0, 1, 3],
      [1, 2],
    ],
  ]);
});

test('every two parties are tried among so many and not among one more', () => {
  const groupsOf = (count: number): number =>
    workGroups(works(...Array.from({ length: count }, (_, n) => `p${n}`))).length;
  const count = PAIRED_PARTIES_MAX;
  expect(groupsOf(count)).toBe(1 + count + (count * (count - 1)) / 2 + count);
  expect(groupsOf(count + 1)).toBe(1 + count + 1);
});

test('what is printed again after some commits was not changed by them, a program that fails says nothing', () => {
  expect(idleRuns(['a', 'b', 'a', 'c'])).toEqual([[0, 2]]);
  expect(idleRuns(['a', 'b', 'a', 'c', 'a'])).toEqual([
    [0, 4],
    [0, 2],
    [2, 4],
  ]);
  expect(idleRuns([null, 'b', null])).toEqual([]);
});
