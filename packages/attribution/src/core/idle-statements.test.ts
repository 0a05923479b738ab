import { expect, test } from 'vitest';
import {
  ALL_BUT_ONE_MAX,
  type Fates,
  findIdleStatements,
  PAIRS_TRIED_MAX,
  STATEMENT_REPLAYS_MAX,
} from './idle-statements.ts';

/** Statements of one new piece each, and what the workload prints with those that stay. */
function changeOf(
  count: number,
  print: (kept: ReadonlySet<number>) => unknown,
  more: { groups?: number[][]; oldTexts?: readonly string[]; pairs?: [number, number][] } = {},
) {
  let replays = 0;
  const keptOf = (fates: Fates) =>
    new Set(Array.from({ length: count }, (_, n) => n).filter((n) => !fates.has(n)));
  const numbers = Array.from({ length: count }, (_, n) => n);
  const find = async (fates: Fates = new Map()) => {
    const idle = await findIdleStatements(
      {
        pieces: numbers.map((n) => ({ newText: `s${n};`, oldText: more.oldTexts?.[n] ?? '' })),
        statements: numbers.map((n) => [n]),
        groups: more.groups ?? [],
        pairsOf: () => more.pairs ?? [],
        fates,
      },
      async (asked) => {
        replays++;
        return print(keptOf(asked)) === print(keptOf(new Map()));
      },
    );
    return [...idle].sort((a, b) => a - b);
  };
  return { find, replays: () => replays };
}

test('statements without an effect are idle, and so is what only they use', async () => {
  const print = (kept: ReadonlySet<number>) => (kept.has(2) && !kept.has(0) ? 'crash' : kept.has(1));
  expect(await changeOf(3, print).find()).toEqual([0, 2]);
});

test('two that undo each other go as a pair, a whole compound as a group', async () => {
  // Too many others for trying all but one.
  const count = ALL_BUT_ONE_MAX + 3;
  const print = (kept: ReadonlySet<number>) =>
    Number(kept.has(0)) - Number(kept.has(2)) + 10 * [...kept].filter((one) => one !== 0 && one !== 2).length;
  expect(await changeOf(count, print).find()).toEqual([]);
  expect(
    await changeOf(count, print, {
      pairs: [
        [0, 1],
        [0, 2],
      ],
    }).find(),
  ).toEqual([0, 2]);
  expect(await changeOf(count, print, { groups: [[0, 2]] }).find()).toEqual([0, 2]);
});

test('a statement that became new without a change of its own text earns nothing', async () => {
  const change = changeOf(2, (kept) => [...kept].join(), { oldTexts: ['s0;', ''] });
  expect(await change.find()).toEqual([0]);
});

test('nothing earns where what is neutral cannot be taken back', async () => {
  const print = (kept: ReadonlySet<number>) => kept.size;
  expect(await changeOf(3, print).find(new Map([[0, 'old']]))).toEqual([0, 1, 2]);
});

test('what has not been tried when the replays are spent waits, what was found needed is needed', async () => {
  const count = STATEMENT_REPLAYS_MAX + 5;
  const change = changeOf(count, (kept) => kept.size);
  // One replay is for the start; the last ones are tried first.
  expect(await change.find()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(change.replays()).toBe(STATEMENT_REPLAYS_MAX);
});

test('so many pairs are tried and not one more', async () => {
  const pairs = Array.from({ length: PAIRS_TRIED_MAX + 10 }, (_, n): [number, number] => [0, n + 1]);
  const change = changeOf(PAIRS_TRIED_MAX + 11, (kept) => kept.size, { pairs });
  expect(await change.find()).toEqual([]);
  expect(change.replays()).toBe(1 + (PAIRS_TRIED_MAX + 11) + PAIRS_TRIED_MAX);
});

test('all but one are tried among so many needed statements and not among one more', async () => {
  // Only all the others of the first together leave what is printed as it is.
  const idleOf = (count: number) =>
    changeOf(count, (kept) => (kept.size === 1 && kept.has(0) ? count : kept.size)).find();
  expect(await idleOf(ALL_BUT_ONE_MAX)).toEqual(Array.from({ length: ALL_BUT_ONE_MAX - 1 }, (_, n) => n + 1));
  expect(await idleOf(ALL_BUT_ONE_MAX + 1)).toEqual([]);
});

test('noise that holds on to its like and can only go from one side is found within the replays, however long its row', async () => {
  const noise = 200;
  // Each line needs the one before it; the last of all is real.
  const print = (kept: ReadonlySet<number>) => {
    const first = Array.from({ length: noise }, (_, n) => n).find((n) => kept.has(n)) ?? noise;
    for (let n = first; n < noise; n++) if (!kept.has(n)) return 'a gap';
    return kept.has(noise);
  };
  const change = changeOf(noise + 1, print);
  expect(await change.find()).toEqual(Array.from({ length: noise }, (_, n) => n));
  expect(change.replays()).toBeLessThan(STATEMENT_REPLAYS_MAX);
});
