import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  findNeutralHunks,
  hunksOf,
  PAIRED_NEEDED_MAX,
  parseHunks,
  REPLAYS_PER_CHANGE_MAX,
  takeBack,
} from './gate.ts';

/** A commit whose output depends on what `output` makes of the hunks that stay. */
function commitOf(count: number, output: (kept: ReadonlySet<number>) => unknown) {
  const kept = (removed: ReadonlySet<number>) =>
    new Set(Array.from({ length: count }, (_, n) => n).filter((n) => !removed.has(n)));
  let replays = 0;
  const isSameWithout = async (removed: ReadonlySet<number>): Promise<boolean> => {
    replays++;
    return output(kept(removed)) === output(kept(new Set()));
  };
  return {
    find: async (linked: readonly number[][] = []) =>
      [...(await findNeutralHunks(count, isSameWithout, linked)).neutral].sort((a, b) => a - b),
    replays: () => replays,
  };
}

test('a commit that changes nothing as a whole is neutral after one replay', async () => {
  const commit = commitOf(60, () => 'same');
  expect(await commit.find()).toHaveLength(60);
  expect(commit.replays()).toBe(1);
});

test('noise beside one real change is neutral, the change is not', async () => {
  expect(await commitOf(5, (kept) => kept.has(3)).find()).toEqual([0, 1, 2, 4]);
});

test('a definition that only noise reads falls with it, though alone its removal breaks the program', async () => {
  const output = (kept: ReadonlySet<number>) => (kept.has(1) && !kept.has(0) ? 'crash' : kept.has(2));
  expect(await commitOf(3, output).find()).toEqual([0, 1]);
});

test('two real hunks that need each other both stay', async () => {
  const output = (kept: ReadonlySet<number>) => (kept.has(0) !== kept.has(1) ? 'crash' : kept.has(0));
  expect(await commitOf(2, output).find()).toEqual([]);
});

test('two hunks that stand in for each other are both neutral alone', async () => {
  expect(await commitOf(2, (kept) => kept.has(0) || kept.has(1)).find()).toEqual([0, 1]);
});

test('hunks that need each other and change nothing together fall beside a real one', async () => {
  const output = (kept: ReadonlySet<number>) => (kept.has(0) !== kept.has(1) ? 'crash' : kept.has(2));
  expect(await commitOf(3, output).find()).toEqual([0, 1]);
  const interleaved = (kept: ReadonlySet<number>) =>
    kept.has(0) !== kept.has(2) ? 'crash' : `${kept.has(1)} ${kept.has(3)}`;
  expect(await commitOf(4, interleaved).find()).toEqual([0, 2]);
});

test('hunks that undo each other fall beside a real one', async () => {
  const output = (kept: ReadonlySet<number>) =>
    Number(kept.has(0)) - Number(kept.has(1)) + (kept.has(2) ? 10 : 0);
  expect(await commitOf(3, output).find()).toEqual([0, 1]);
});

test('linked hunks that need each other fall among any number of real ones', async () => {
  const name = [1, 12, 23, 34];
  const others = Array.from({ length: 40 }, (_, n) => n).filter((n) => !name.includes(n));
  expect(others.length).toBeGreaterThan(PAIRED_NEEDED_MAX);
  const output = (kept: ReadonlySet<number>) =>
    new Set(name.map((n) => kept.has(n))).size > 1 ? 'crash' : others.map((n) => kept.has(n)).join();
  expect(await commitOf(40, output).find()).toEqual([]);
  expect(await commitOf(40, output).find([[0, 2], name])).toEqual(name);
});

test('a change of which every hunk is real costs few replays a hunk', async () => {
  const commit = commitOf(120, (kept) => [...kept].sort((a, b) => a - b).join());
  expect(await commit.find()).toEqual([]);
  expect(commit.replays()).toBeLessThan(REPLAYS_PER_CHANGE_MAX);
});

test('a change that costs more replays than one may earns nothing by itself', async () => {
  const commit = commitOf(REPLAYS_PER_CHANGE_MAX, (kept) => [...kept].sort((a, b) => a - b).join());
  expect(await commit.find()).toHaveLength(REPLAYS_PER_CHANGE_MAX);
  expect(commit.replays()).toBe(REPLAYS_PER_CHANGE_MAX);
});

test('a statement came with the hunk of its first line, else with all that touch it, else with what left its middle', () => {
  const hunks = parseHunks('@@ -4 +3,0 @@\n@@ -9 +8 @@\n@@ -12 +11 @@\n@@ -21 +19,0 @@\n', 'p');
  const at = (startLine: number, endLine: number) => hunksOf({ startLine, endLine }, 'p', hunks);
  expect([at(8, 12), at(7, 12), at(2, 5), at(2, 3), at(4, 5), at(18, 20)]).toEqual([
    [1],
    [1, 2],
    [0],
    [],
    [],
    [3],
  ]);
});

test('hunks whose effects are independent are neutral exactly when they have none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), async (isReal) => {
      const output = (kept: ReadonlySet<number>) => isReal.map((real, n) => real && kept.has(n)).join();
      const expected = isReal.flatMap((real, n) => (real ? [] : [n]));
      expect(await commitOf(isReal.length, output).find()).toEqual(expected);
    }),
  );
});

test('taking all hunks back gives the old text', () => {
  const old = 'a\nb\nc\nd\n';
  const diff = '@@ -0,0 +1 @@\n+x\n@@ -2 +3,2 @@\n-b\n+B\n+BB\n@@ -4 +5,0 @@\n-d\n';
  expect(takeBack(old, 'x\na\nB\nBB\nc\n', parseHunks(diff, 'p'))).toBe(old);
});
