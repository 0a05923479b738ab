import { changedWords, type HunkTexts } from './linked-hunks.ts';

/**
 * Pairs of `among` (numbers of `texts`), likeliest to undo each other first: those in which a rare word changes, then those that
 * stand next to each other.
 */
export function* likelyPairs(
  texts: readonly HunkTexts[],
  among: readonly number[],
): Generator<readonly [number, number]> {
  const holders = new Map<string, number[]>();
  for (const number of among) {
    const text = texts[number];
    const words = text === undefined ? [] : changedWords(text.before, text.after);
    for (const word of words) holders.set(word, [...(holders.get(word) ?? []), number]);
  }
  const seen = new Set<string>();
  const isNew = (one: number, other: number): boolean => seen.size < seen.add(`${one} ${other}`).size;
  const rareFirst = [...holders.values()].sort((a, b) => a.length - b.length);
  for (const group of [...rareFirst, among])
    for (let apart = 1; apart < group.length; apart++)
      for (let n = 0; n + apart < group.length; n++) {
        const [one = 0, other = 0] = [group[n], group[n + apart]];
        if (isNew(one, other)) yield [one, other];
      }
}
