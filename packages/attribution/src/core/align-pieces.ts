/** Pairs of stretches compared at most; beyond, stretches are matched by their order alone. */
export const COMPARED_PIECES_MAX = 40_000;

const WORD = /[\w$]+|[^\s\w$]/g;

/**
 * For each old stretch the new one (by number) that took its place, or `null`: the alignment in order that keeps the most
 * words (Needleman and Wunsch 1970, without a price for gaps).
 */
export function alignPieces(olds: readonly string[], news: readonly string[]): (number | null)[] {
  if (olds.length * news.length > COMPARED_PIECES_MAX)
    return olds.map((_, index) => Math.floor((index * news.length) / olds.length));
  const [before, after] = [olds.map(wordsOf), news.map(wordsOf)];
  const likeness = before.map((one) => after.map((other) => likenessOf(one, other)));
  // best[i][j]: words kept at most of the stretches from i on and from j on.
  const best = Array.from({ length: olds.length + 1 }, () => new Float64Array(news.length + 1));
  const bestAt = (i: number, j: number): number => best[i]?.[j] ?? 0;
  const paired = (i: number, j: number): number => (likeness[i]?.[j] ?? 0) + bestAt(i + 1, j + 1);
  for (let i = olds.length - 1; i >= 0; i--) {
    const row = best[i];
    if (row === undefined) continue;
    for (let j = news.length - 1; j >= 0; j--)
      row[j] = Math.max(paired(i, j), bestAt(i + 1, j), bestAt(i, j + 1));
  }
  const mateOf: (number | null)[] = olds.map(() => null);
  for (let i = 0, j = 0; i < olds.length && j < news.length; ) {
    if (bestAt(i, j) === bestAt(i + 1, j)) i++;
    else if (bestAt(i, j) === bestAt(i, j + 1)) j++;
    else mateOf[i++] = j++;
  }
  return mateOf;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(WORD));
}

/** Words in common by words in either, 0 to 1: dividing integers gives the same bits on every machine. */
function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0;
  for (const word of one) if (other.has(word)) common++;
  return common === 0 ? 0 : common / (one.size + other.size - common);
}
