import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findNeutralHunks, parseHunks, takeBack } from './gate.ts';

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
    find: async () => [...(await findNeutralHunks(count, isSameWithout))].sort(),
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
