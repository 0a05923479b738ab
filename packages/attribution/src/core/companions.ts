import { changedWords, type HunkTexts } from './linked-hunks.ts';

/** Stretches that earn nothing (deleted lines, imports) and are tried together with a statement; others of a larger epoch are not. */
export const COMPANIONS_MAX = 200;

/**
 * Stretches (numbers of `texts`) outside `wanted` that likely go with one of them, those first that share the rarest changed word:
 * lines that have nothing in common with it hide none. No more than {@link COMPANIONS_MAX}.
 */
export function likelyCompanions(texts: readonly HunkTexts[], wanted: ReadonlySet<number>): number[] {
  const words = texts.map(({ before, after }) => changedWords(before, after));
  const earning = new Set(words.flatMap((own, number) => (wanted.has(number) ? [...own] : [])));
  const others = words.flatMap((own, number) =>
    wanted.has(number) ? [] : [{ number, shared: [...own].filter((word) => earning.has(word)) }],
  );
  const holders = new Map<string, number>();
  for (const { shared } of others) for (const word of shared) holders.set(word, (holders.get(word) ?? 0) + 1);
  const rarest = (shared: readonly string[]): number =>
    shared.reduce((least, word) => Math.min(least, holders.get(word) ?? least), texts.length);
  return others
    .map(({ number, shared }) => ({ number, rank: rarest(shared) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, COMPANIONS_MAX)
    .map(({ number }) => number);
}
