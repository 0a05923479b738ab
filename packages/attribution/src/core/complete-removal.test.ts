import { expect, test } from 'vitest';
import { completeRemoval, PAIRED_HUNKS_MAX } from './complete-removal.ts';

/** Each hunk is what it adds of braces; without some of them a file is a program when the rest is balanced. */
function fileOf(hunks: readonly string[]) {
  let asked = 0;
  const isProgramWithout = (removed: ReadonlySet<number>): Promise<boolean> => {
    asked++;
    let depth = 0;
    let isBalanced = true;
    for (const brace of hunks.filter((_, index) => !removed.has(index)).join('')) {
      depth += brace === '{' ? 1 : brace === '}' ? -1 : 0;
      isBalanced &&= depth >= 0;
    }
    return Promise.resolve(isBalanced && depth === 0);
  };
  const without = async (...removed: number[]): Promise<number[]> =>
    [...(await completeRemoval(hunks.length, new Set(removed), isProgramWithout))].sort((a, b) => a - b);
  return { without, asked: () => asked };
}

test('a hunk that leaves a program goes alone', async () => {
  expect(await fileOf(['a', '{b}', 'c']).without(1)).toEqual([1]);
});

test('half a pair of braces goes with the other half, and what stands between them stays', async () => {
  expect(await fileOf(['{noise', 'real', '}']).without(0)).toEqual([0, 2]);
  expect(await fileOf(['{', 'real', '} noise']).without(2)).toEqual([0, 2]);
  expect(await fileOf(['{{noise', 'real', '}', 'more', '}']).without(0)).toEqual([0, 2, 4]);
});

test('another pair between the halves stays', async () => {
  expect(await fileOf(['{noise', '{real', '}', '}']).without(0)).toEqual(expect.arrayContaining([0]));
  expect((await fileOf(['{noise', '{real', '}', '}']).without(0)).length).toBe(2);
});

test('a hunk that nothing completes goes alone', async () => {
  const never = await completeRemoval(3, new Set([1]), () => Promise.resolve(false));
  expect([...never]).toEqual([1]);
});

test('a file of very many hunks is not asked about every pair', async () => {
  const pairs = Array.from({ length: PAIRED_HUNKS_MAX }, () => ['{', '}']).flat();
  const file = fileOf(['{noise', ...pairs, '}']);
  expect((await file.without(0)).length).toBeGreaterThan(1);
  expect(file.asked()).toBeLessThan(5 * pairs.length);
});
